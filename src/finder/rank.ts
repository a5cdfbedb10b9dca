/** Patterns and problems by how well they fit a reader's words: BM25 over weighted fields, explainable word by word. */
import type { Corpus } from './corpus.ts';
import { slotsOf } from './slots.ts';
import type { Slot } from './slots.ts';

export interface Hit {
  slug: string;
  score: number;
  /** What each slot of the query adds to the score, in the order of `Ranking.slots`; together they are the score. */
  points: readonly number[];
}

export interface Ranking {
  slots: readonly Slot[];
  /** Best first, none with a score of zero; equal ones by slug. */
  patterns: readonly Hit[];
  problems: readonly Hit[];
}

/** The more fields a word stands in, the less each further one adds; high, since a field counts a word once. */
const saturation = 4;

export function rank(corpus: Corpus, query: string): Ranking {
  const slots = slotsOf(corpus, query);
  const points = [...corpus.patterns, ...corpus.problems].map(() => slots.map(() => 0));
  slots.forEach((slot, at) => {
    const frequencies = new Map<number, number>();
    for (const [stem, weight] of slot.matches) {
      for (const { document, frequency } of corpus.postings.get(stem) ?? []) frequencies.set(document, (frequencies.get(document) ?? 0) + weight * frequency);
    }
    for (const [document, frequency] of frequencies) {
      const own = points[document];
      if (own !== undefined) own[at] = slot.rarity * frequency * (saturation + 1) / (frequency + saturation);
    }
  });
  return { slots, patterns: hitsOf(corpus.patterns, points), problems: hitsOf(corpus.problems, points.slice(corpus.patterns.length)) };
}

function hitsOf(cards: readonly { slug: string }[], points: readonly (readonly number[])[]): Hit[] {
  return cards.map(({ slug }, index): Hit => {
    const own = points[index] ?? [];
    return { slug, points: own, score: own.reduce((sum, each) => sum + each, 0) };
  }).filter(({ score }) => score > 0).sort((a, b) => b.score - a.score || (a.slug < b.slug ? -1 : 1));
}
