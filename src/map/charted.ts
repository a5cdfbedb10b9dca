/** What a map is made of: patterns that have a page, and the relations that they state. */
import type { Category, RelationKind } from '../catalogue/vocabulary.ts';

export interface ChartedPattern { slug: string; title: string; category: Category }

/** Its arrow, where it has one, points at `to`. */
export interface ChartedRelation { from: string; to: string; as: RelationKind }

export interface Chart { patterns: readonly ChartedPattern[]; relations: readonly ChartedRelation[] }
