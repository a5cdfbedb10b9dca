/** A reader's words, each with everything in the catalogue that means it. */
import type { Corpus } from './corpus.ts';
import { nearWords } from './near.ts';

interface Meant {
  /** Stems of the catalogue and how much of a match each is. Empty when nothing in the catalogue means it. */
  matches: ReadonlyMap<string, number>;
  /** How rare its matches are in the catalogue: nothing is learnt from a word that stands everywhere. */
  rarity: number;
}

export interface Slot extends Meant {
  stem: string;
  /** The word or phrase as the reader wrote it, where it first stands. */
  words: string;
}

/** What terms mean in a corpus that does not change meanwhile. */
export type Meanings = Map<string, Meant>;

/** More different words than this nobody types; a pasted log may hold thousands. */
const mostSlots = 120;
/** Looking for near words costs a walk through the vocabulary for each unknown word. */
const mostNearWords = 24;
const synonymWeight = 0.4;

/** @param known for many questions to one corpus: what was found out of a term for one serves the next */
export function slotsOf(corpus: Corpus, query: string, known: Meanings = new Map()): Slot[] {
  const slots = new Map<string, Slot>();
  // Most questions hold only known words and never need it.
  let vocabulary: Set<string> | undefined;
  let nearLeft = mostNearWords;
  for (const { stem, start, end } of corpus.synonyms.terms(query)) {
    if (slots.has(stem)) continue;
    if (slots.size === mostSlots) break;
    // A short word with another ending than it was typed with is the beginning of nothing: "play" is no "plain".
    const whole = stem.length > 4 || query.slice(start, end).toLowerCase().startsWith(stem);
    const key = whole ? stem : `${stem} `;
    let meant = known.get(key);
    if (meant === undefined) {
      const matches = new Map<string, number>();
      addMeanings(corpus, matches, stem, 1);
      if (matches.size === 0 && whole && nearLeft > 0) {
        nearLeft -= 1;
        vocabulary ??= new Set([...corpus.postings.keys(), ...corpus.synonyms.words()]);
        for (const near of nearWords(stem, vocabulary)) addMeanings(corpus, matches, near.stem, near.weight);
      }
      known.set(key, meant = { matches, rarity: rarityOf(corpus, matches) });
    }
    slots.set(stem, { stem, words: query.slice(start, end), ...meant });
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
