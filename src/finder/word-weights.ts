/** How much each word says about each page, worked out while the site is built from the sentences that belong to the page. */
import type { SynonymTable } from './synonyms.ts';

/** A sentence of a page and how many sentences of readers it is worth. */
export interface Sentence { text: string; worth: number }

/** A stem, or a group of synonyms, with what it says about each page; 0 where it says nothing. */
export type WeightRows = Map<string, number[]>;

/**
 * The weight of a stem grows with the number of the page's sentences that hold it, against that of a page on average.
 * A page with many sentences has no more to say than one with few.
 *
 * @param pages among how many the counts are looked at
 * @param doubt in sentences; keeps a word that stands nearly nowhere from saying everything
 */
export function weightsOf(counts: WeightRows, pages: number, doubt: number): WeightRows {
  return new Map([...counts].map(([stem, own]) => {
    const mean = own.reduce((sum, count) => sum + count, 0) / pages;
    return [stem, own.map((count) => Math.log1p(count / (mean + doubt)))];
  }));
}

/** For each stem how many sentences of each page hold it, as if all pages had equally many. */
export function countsOf(table: SynonymTable, pages: readonly (readonly Sentence[])[]): WeightRows {
  const rows: WeightRows = new Map();
  pages.forEach((sentences, page) => {
    for (const { text, worth } of sentences) {
      for (const stem of new Set(table.terms(text).map((term) => term.stem))) {
        let counts = rows.get(stem);
        if (counts === undefined) rows.set(stem, counts = pages.map(() => 0));
        counts[page] = (counts[page] ?? 0) + worth;
      }
    }
  });
  const sizes = pages.map((_, page) => [...rows.values()].reduce((sum, counts) => sum + (counts[page] ?? 0), 0));
  const mean = sizes.reduce((sum, size) => sum + size, 0) / Math.max(1, pages.length);
  for (const [stem, counts] of rows) rows.set(stem, counts.map((count, page) => count * mean / Math.max(1, sizes[page] ?? 1)));
  return rows;
}
