/** Sentences of the catalogue that a reader can confirm or deny. */
import type { Corpus } from './corpus.ts';
import { slotsOf } from './slots.ts';
import type { Meanings } from './slots.ts';
import { sumOf, wordPoints } from './word-points.ts';

export interface Claim {
  /** The page that says it and a few letters of its text: stays the same when sentences move, and goes when the text changes. */
  id: string;
  /** A symptom of a problem page, or the condition under which such a page names a pattern. */
  kind: 'symptom' | 'condition';
  text: string;
  /** The problem page it belongs to. */
  problem: string;
  /** Patterns that the page names for it. */
  patterns: readonly string[];
}

export function claimId(page: string, text: string): string {
  let hash = 0x811c9dc5;
  for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return `${page}.${(hash % 36 ** 3).toString(36).padStart(3, '0')}`;
}

/** How much a claim speaks for a pattern, from 0 to 1. */
export function affinityOf(corpus: Corpus, claim: Claim, slug: string): number {
  let known = affinities.get(corpus);
  if (known === undefined) affinities.set(corpus, known = { ofClaims: new Map(), meanings: new Map() });
  let own = known.ofClaims.get(claim.id);
  if (own === undefined) known.ofClaims.set(claim.id, own = affinitiesOf(corpus, claim, known.meanings));
  return own.get(slug) ?? 0;
}

/** Ranking a sentence costs a fraction of a millisecond, and there are hundreds of them. */
const affinities = new WeakMap<Corpus, { ofClaims: Map<string, ReadonlyMap<string, number>>; meanings: Meanings }>();

/** The page's candidates all answer its symptoms, some better than others: that is in the words. */
const shareOfCandidate = 0.4;
const shareOfStranger = 0.6;
/** Below this part of the best score, words only happen to be the same. */
const nearBest = 0.5;

function affinitiesOf(corpus: Corpus, { kind, text, patterns }: Claim, meanings: Meanings): ReadonlyMap<string, number> {
  if (kind === 'condition') return new Map(patterns.map((slug) => [slug, 1]));
  const points = wordPoints(corpus, slotsOf(corpus, text, meanings));
  const scores = corpus.patterns.map((_, at) => sumOf(points, at));
  const best = Math.max(...scores, Number.EPSILON);
  const own = new Map(patterns.map((slug) => [slug, shareOfCandidate]));
  corpus.patterns.forEach(({ slug }, at) => {
    const share = (scores[at] ?? 0) / best;
    if (share >= nearBest) own.set(slug, patterns.includes(slug) ? shareOfCandidate + (1 - shareOfCandidate) * share : shareOfStranger * share);
  });
  return own;
}
