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
export function codeLevels(coder: BitCoder, rows: number, patterns: number, problems: number, given?: readonly (readonly Posting[])[]): Posting[][] {
  return Array.from({ length: rows }, (_, row) => {
    const own = given?.[row] ?? [];
    const ofPatterns = own.filter(({ document }) => document < patterns);
    const ofProblems = own.slice(ofPatterns.length);
    return [
      ...codePlaces(coder, 2, patterns, ofPatterns.map(({ document }) => document)).map((document, at): Posting => ({ document, level: codeLevel(coder, ofPatterns[at]?.level ?? 0) })),
      ...codePlaces(coder, 0, problems, ofProblems.map(({ document }) => document - patterns)).map((place): Posting => ({ document: patterns + place, level: levelOfProblem })),
    ];
  });
}

function codeLevel(coder: BitCoder, given: number): number {
  return coder(1, given > 1 ? 1 : 0) === 0 ? 1 : 2 + coder(1, given - 2);
}

/** Some of the numbers below `room`, in their order. */
function codePlaces(coder: BitCoder, usual: number, room: number, given: readonly number[]): number[] {
  const places = [...given];
  // A text that was cut may tell of more than there is.
  places.length = Math.min(room, codeSmall(coder, usual, given.length));
  const between = (from: number, to: number, low: number, high: number): void => {
    if (from === to) return;
    const middle = (from + to) >> 1;
    const first = low + middle - from;
    const place = first + codeWithin(coder, high - low - (to - from) + 1, (places[middle] ?? 0) - first);
    places[middle] = place;
    between(from, middle, low, place);
    between(middle + 1, to, place + 1, high);
  };
  between(0, places.length, 0, room);
  return places;
}
