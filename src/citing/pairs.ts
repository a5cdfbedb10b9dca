/** Two patterns that are alternatives have a page of their own, whichever of them states it; larger sets, where content/data/comparisons.yaml names them. */
import type { RelationKind } from '../catalogue/vocabulary.ts';

interface Related { slug: string; data: { relations: readonly { to: string; as: RelationKind; why: string }[] } }

/** Slugs in the order of the alphabet, so that an address stays when the other page states the relation. */
export type Pair = readonly [string, string];

export function pairsOf(patterns: readonly Related[]): Pair[] {
  const pairs = patterns.flatMap(({ slug, data }) => data.relations.filter(({ as }) => as === 'alternative-to').map(({ to }): Pair => (slug < to ? [slug, to] : [to, slug])));
  return [...new Map(pairs.map((pair) => [pairPath(pair), pair])).values()].sort((a, b) => (pairPath(a) < pairPath(b) ? -1 : 1));
}

export function alternativesOf(slug: string, patterns: readonly Related[]): string[] {
  return pairsOf(patterns).flatMap(([first, second]) => (first === slug ? [second] : second === slug ? [first] : []));
}

/** The title of such a page in a list, where everything is a question. */
export function listedTitle(title: string): string {
  return title.replace(/: which one\?$/, '');
}

/** Of the page that sets these patterns side by side, below the site: in whatever order they are named, it is one. */
export function pairPath(slugs: readonly string[]): string {
  return `/compare/${[...slugs].sort().join('-or-')}/`;
}
