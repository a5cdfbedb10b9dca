/** What each word of a question adds to each document: the strongest of what means it. */
import type { Corpus } from './corpus.ts';
import { levelPoints } from './levels.ts';
import type { Slot } from './slots.ts';
import { addTitlePoints } from './title-points.ts';

/** For each slot, in its order, the points of each document, patterns first. */
export function wordPoints(corpus: Corpus, slots: readonly Slot[]): Float64Array[] {
  const points = slots.map(({ matches }) => {
    const own = new Float64Array(corpus.patterns.length + corpus.problems.length);
    for (const [stem, weight] of matches) {
      for (const { document, level } of corpus.postings.get(stem) ?? []) own[document] = Math.max(own[document] ?? 0, weight * (levelPoints[level] ?? 0));
    }
    return own;
  });
  addTitlePoints(corpus, slots, points);
  return points;
}

/** What all words together add to a document. */
export function sumOf(points: readonly Float64Array[], document: number): number {
  return points.reduce((sum, own) => sum + (own[document] ?? 0), 0);
}
