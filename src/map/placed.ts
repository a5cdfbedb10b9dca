/** What stands where. */
import type { Category } from '../catalogue/vocabulary.ts';
import type { ChartedPattern, ChartedRelation } from './charted.ts';

export type Shape = 'wide' | 'narrow';
export interface Box { x: number; y: number; width: number; height: number }
export interface Region extends Box { category: Category; patterns: number }
export interface Plate extends Box { pattern: ChartedPattern; side: 'left' | 'right' }
export interface Point { x: number; y: number }
/** A line between two plates; `end` is where an arrow would point. */
export interface Line { relation: ChartedRelation; start: Point; end: Point; path: string }
