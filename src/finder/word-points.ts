/** What each word of a question adds to each document: BM25 over weighted fields. */
import type { Corpus } from './corpus.ts';
import type { Slot } from './slots.ts';
import { addTitlePoints } from './title-points.ts';

/** The more fields a word stands in, the less each further one adds; high, since a field counts a word once. */
const saturation = 4;

/** For each document, patterns first, the points of each slot in its order. */
export function wordPoints(corpus: Corpus, slots: readonly Slot[]): number[][] {
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
  addTitlePoints(corpus, slots, points);
  return points;
}
