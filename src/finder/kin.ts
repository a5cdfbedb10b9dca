/**
 * Words that stand in like company in a large body of English: "consumer" and "subscriber", "stuck" and "trapped". What a page's
 * sentences say with one of them they nearly say with the other, so a word that they hold seldom learns from its kin.
 */
import type { WeightRows } from './word-weights.ts';

export interface Kin { stem: string; /** From 0, barely, to 1, the same. */ likeness: number }
export type KinTable = ReadonlyMap<string, readonly Kin[]>;

/** At most so many sentences are borrowed: a word that stands often speaks for itself. */
const mostBorrowed = 8;
/** With fewer sentences of its kin to go by, a word borrows less. */
const enoughSentences = 10;
/** A common word would drown its rarer kin. */
const mostHeard = 60;

/** @param text a line for each stem: the stem, then stems and their likeness in hundredths in turn; lines with `#` say where they come from */
export function kinTable(text: string): KinTable {
  return new Map(text.split('\n').filter((line) => line !== '' && !line.startsWith('#')).map((line): [string, Kin[]] => {
    const [stem = '', ...rest] = line.split(' ');
    return [stem, rest.flatMap((word, at) => (at % 2 === 0 ? [{ stem: word, likeness: Number(rest[at + 1]) / 100 }] : []))];
  }));
}

/** The counts with what each stem borrows from its kin, spread over the pages as the kin is. */
export function withKin(counts: WeightRows, kin: KinTable): WeightRows {
  return new Map([...counts].map(([stem, own]) => {
    const heard = own.map(() => 0);
    for (const { stem: other, likeness } of kin.get(stem) ?? []) {
      const theirs = counts.get(other) ?? [];
      const total = sum(theirs);
      if (total > 0) theirs.forEach((count, page) => { heard[page] = (heard[page] ?? 0) + likeness * count * Math.min(total, mostHeard) / total; });
    }
    const share = mostBorrowed / Math.max(enoughSentences, sum(heard));
    return [stem, own.map((count, page) => count + share * (heard[page] ?? 0))];
  }));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
