/** The index as it travels: everything that ranking needs, nothing that only an explanation quotes. `pack.ts` writes it, `corpus.ts` reads it. */
import { forceNames } from '../catalogue/names.ts';
import type { Category, Force, ProblemGroup } from '../catalogue/vocabulary.ts';

export interface IndexFile {
  /** Every stem, sorted; before each a capital, A for none, how many letters it shares with the one before. */
  words: string;
  /** Groups by `;`, members by `|`, stems by spaces. */
  synonyms: string;
  patterns: PackedPattern[];
  problems: PackedProblem[];
  /** How strongly each stem, then each group of synonyms, speaks for each pattern, then each problem: see `levels.ts`. */
  levels: string;
}

/** One digit a force in the order of the vocabulary: 2 says nothing, 4 speaks strongly for the pattern, 0 strongly against it; a tail of 2s is left out. */
export type PackedWeights = string;
/** A slug is empty where the title gives it. */
export type PackedPattern = [slug: string, category: Category, outline: 0 | 1, title: string, forces: PackedWeights];
export type PackedProblem = [slug: string, group: ProblemGroup, title: string, candidates: number[]];

export const neutral = 2;
export const capitalA = 0x41;

/** Title in lower case, words joined by hyphens. */
export function slugOf(title: string): string {
  return title.toLowerCase().replaceAll(/[^a-z\d]+/g, '-').replaceAll(/^-|-$/g, '');
}

export function unpackWords(packed: string): string[] {
  let before = '';
  return (packed.match(/[A-Z][^A-Z]*/g) ?? []).map((each) => {
    before = before.slice(0, each.charCodeAt(0) - capitalA) + each.slice(1);
    return before;
  });
}

export function unpackSynonyms(packed: string): string[][][] {
  return packed === '' ? [] : packed.split(';').map((group) => group.split('|').map((member) => member.split(' ')));
}

export function unpackWeights(packed: PackedWeights): Partial<Record<Force, number>> {
  const weights: Partial<Record<Force, number>> = {};
  forceNames.forEach((force, at) => {
    const weight = Number(packed[at] ?? neutral) - neutral;
    if (weight !== 0) weights[force] = weight;
  });
  return weights;
}
