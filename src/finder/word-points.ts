/** What each word of a question adds to each document: the strongest of what means it. */
import type { Corpus } from './corpus.ts';
import { levelPoints } from './levels.ts';
import type { Slot } from './slots.ts';
import { addTitlePoints } from './title-points.ts';

/** For each document, patterns first, the points of each slot in its order. */
export function wordPoints(corpus: Corpus, slots: readonly Slot[]): number[][] {
  const points = [...corpus.patterns, ...corpus.problems].map(() => slots.map(() => 0));
  slots.forEach((slot, at) => {
    for (const [stem, weight] of slot.matches) {
      for (const { document, level } of corpus.postings.get(stem) ?? []) {
        const own = points[document];
        if (own !== undefined) own[at] = Math.max(own[at] ?? 0, weight * (levelPoints[level] ?? 0));
      }
    }
  });
  addTitlePoints(corpus, slots, points);
  return points;
}
