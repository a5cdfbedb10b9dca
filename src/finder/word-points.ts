/** What each word of a question adds to each document: the strongest of what means it. */
import type { Corpus } from './corpus.ts';
import { levelPoints } from './levels.ts';
import type { Slot } from './slots.ts';
import { addTitlePoints } from './title-points.ts';

/** A row a document, patterns first, and in it the points of each slot; one piece of memory, since each key that is pressed asks for it. */
export class WordPoints {
  readonly #slots: number;
  readonly #cells: Float64Array;

  constructor(documents: number, slots: number) {
    this.#slots = slots;
    this.#cells = new Float64Array(documents * slots);
  }

  of(document: number): number[] {
    return Array.from(this.#cells.subarray(document * this.#slots, (document + 1) * this.#slots));
  }

  sum(document: number): number {
    let sum = 0;
    for (let at = document * this.#slots; at < (document + 1) * this.#slots; at += 1) sum += this.#cells[at] ?? 0;
    return sum;
  }

  atLeast(document: number, slot: number, points: number): void {
    const at = document * this.#slots + slot;
    if (points > (this.#cells[at] ?? 0)) this.#cells[at] = points;
  }

  add(document: number, slot: number, points: number): void {
    const at = document * this.#slots + slot;
    this.#cells[at] = (this.#cells[at] ?? 0) + points;
  }
}

export function wordPoints(corpus: Corpus, slots: readonly Slot[]): WordPoints {
  const points = new WordPoints(corpus.patterns.length + corpus.problems.length, slots.length);
  slots.forEach((slot, at) => {
    for (const [stem, weight] of slot.matches) {
      for (const { document, level } of corpus.postings.get(stem) ?? []) points.atLeast(document, at, weight * (levelPoints[level] ?? 0));
    }
  });
  addTitlePoints(corpus, slots, (document, slot, more) => points.add(document, slot, more));
  return points;
}
