/**
 * A table of small numbers, most of them 0, in few bytes that a browser reads at once: rows are stems, columns documents, a number
 * how strongly the stem speaks for the document. Which documents a row holds is written by binary interpolative coding
 * (A. Moffat and L. Stuiver, "Binary Interpolative Coding for Effective Index Compression", Information Retrieval 3, 2000):
 * the middle one first, then those before and those behind it, each in the bits that the room left for it asks for.
 */
import { codeSmall, codeWithin } from './bits.ts';
import type { BitCoder } from './bits.ts';

/** What a level adds to a page, in points. */
export const levelPoints = [0, 1.1, 2.2, 4] as const;
/** Problems are told apart by their plainest words, which all have it. */
export const levelOfProblem = 2;

export interface Posting {
  document: number;
  /** How strongly the stem speaks for the document. */
  level: number;
}

/** @param given rows to write, each in the order of its documents; left out when reading. @returns for each row the documents that hold it, patterns first */
export function codeLevels(coder: BitCoder, rows: number, patterns: number, problems: number, given: readonly (readonly Posting[])[] = []): Posting[][] {
  // One list for all rows, and of functions one for all lists: a browser reads thousands before it has made this fast.
  const places: number[] = [];
  const between = (from: number, to: number, low: number, high: number): void => {
    if (from === to) return;
    const middle = (from + to) >> 1;
    const first = low + middle - from;
    const place = first + codeWithin(coder, high - low - (to - from) + 1, (places[middle] ?? 0) - first);
    places[middle] = place;
    between(from, middle, low, place);
    between(middle + 1, to, place + 1, high);
  };
  return Array.from({ length: rows }, (_, row) => {
    const postings: Posting[] = [];
    for (const [first, room, usual, fixed] of [[0, patterns, 2, 0], [patterns, problems, 0, levelOfProblem]] as const) {
      if (room === 0) continue;
      const own = (given[row] ?? []).filter(({ document }) => document >= first && document < first + room);
      own.forEach(({ document }, at) => { places[at] = document - first; });
      // A text that was cut may tell of more than there is.
      const held = Math.min(room, codeSmall(coder, usual, own.length));
      between(0, held, 0, room);
      for (let at = 0; at < held; at += 1) postings.push({ document: first + (places[at] ?? 0), level: fixed || codeLevel(coder, own[at]?.level ?? 0) });
    }
    return postings;
  });
}

function codeLevel(coder: BitCoder, given: number): number {
  return coder(1, given > 1 ? 1 : 0) === 0 ? 1 : 2 + coder(1, given - 2);
}
