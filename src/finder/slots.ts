/** A reader's words, each with everything in the catalogue that means it. */
import type { Corpus } from './corpus.ts';
import { nearWords } from './near.ts';

export interface Slot {
  stem: string;
  /** The word or phrase as the reader wrote it, where it first stands. */
  words: string;
  /** Stems of the catalogue and how much of a match each is. Empty when nothing in the catalogue means it. */
  matches: ReadonlyMap<string, number>;
  /** How rare its matches are in the catalogue: nothing is learnt from a word that stands everywhere. */
  rarity: number;
}

/** More different words than this nobody types; a pasted log may hold thousands. */
const mostSlots = 120;
/** Looking for near words costs a walk through the vocabulary for each unknown word. */
const mostNearWords = 24;
const synonymWeight = 0.4;

export function slotsOf(corpus: Corpus, query: string): Slot[] {
  const slots = new Map<string, Slot>();
  // Most questions hold only known words and never need it.
  let vocabulary: Set<string> | undefined;
  let nearLeft = mostNearWords;
  for (const { stem, start, end } of corpus.synonyms.terms(query)) {
    if (slots.has(stem)) continue;
    if (slots.size === mostSlots) break;
    const matches = new Map<string, number>();
    addMeanings(corpus, matches, stem, 1);
    // A short word with another ending than it was typed with is the beginning of nothing: "play" is no "plain".
    const whole = stem.length > 4 || query.slice(start, end).toLowerCase().startsWith(stem);
    if (matches.size === 0 && whole && nearLeft > 0) {
      nearLeft -= 1;
      vocabulary ??= new Set([...corpus.postings.keys(), ...corpus.synonyms.words()]);
      for (const near of nearWords(stem, vocabulary)) addMeanings(corpus, matches, near.stem, near.weight);
    }
    slots.set(stem, { stem, words: query.slice(start, end), matches, rarity: rarityOf(corpus, matches) });
  }
  return [...slots.values()];
}

/** A word as far as the catalogue holds it, and for a little less what else means the same. */
function addMeanings(corpus: Corpus, matches: Map<string, number>, stem: string, weight: number): void {
  const add = (each: string, worth: number): void => {
    if (corpus.postings.has(each)) matches.set(each, Math.max(worth, matches.get(each) ?? 0));
  };
  add(stem, weight);
  for (const other of corpus.synonyms.others(stem)) add(other, weight * synonymWeight);
}

/** Of a set of stems: how few documents hold one of them. */
export function rarityOf(corpus: Corpus, matches: ReadonlyMap<string, number>): number {
  const documents = new Set<number>();
  for (const stem of matches.keys()) for (const { document } of corpus.postings.get(stem) ?? []) documents.add(document);
  const all = corpus.patterns.length + corpus.problems.length;
  return Math.log(1 + (all - documents.size + 0.5) / (documents.size + 0.5));
}
