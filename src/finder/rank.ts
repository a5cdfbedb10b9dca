/** Patterns and problems by how well they fit a reader's words: BM25 over weighted fields, plus the best single sentence. */
import type { Corpus } from './corpus.ts';
import { slotsOf } from './slots.ts';
import type { Slot } from './slots.ts';

export interface Hit {
  slug: string;
  score: number;
  /** What each slot of the query adds to the score, in the order of `Ranking.slots`; together they are the score. */
  points: readonly number[];
}

export interface Ranking {
  slots: readonly Slot[];
  /** Best first, none with a score of zero; equal ones by slug. */
  patterns: readonly Hit[];
  problems: readonly Hit[];
}

const saturation = 1.2;
/** How much the best single sentence counts beside the whole page. */
const sentenceShare = 0.5;

export function rank(corpus: Corpus, query: string): Ranking {
  const slots = slotsOf(corpus, query);
  const documents = corpus.patterns.length + corpus.problems.length;
  const points = Array.from({ length: documents }, () => new Array<number>(slots.length).fill(0));
  const sentences = new Map<string, { document: number; points: Map<number, number>; sum: number }>();
  slots.forEach((slot, at) => {
    const frequencies = new Map<number, number>();
    for (const [stem, weight] of slot.matches) {
      for (const { document, passage, frequency, own } of corpus.postings.get(stem) ?? []) {
        frequencies.set(document, (frequencies.get(document) ?? 0) + weight * frequency);
        const key = `${document} ${passage}`;
        const sentence = sentences.get(key) ?? { document, points: new Map<number, number>(), sum: 0 };
        sentences.set(key, sentence);
        const worth = slot.rarity * weight * (own ? 1 : 0.5);
        const before = sentence.points.get(at) ?? 0;
        if (worth > before) {
          sentence.points.set(at, worth);
          sentence.sum += worth - before;
        }
      }
    }
    for (const [document, frequency] of frequencies) addTo(points[document], at, slot.rarity * frequency * (saturation + 1) / (frequency + saturation));
  });
  const best = new Map<number, { points: Map<number, number>; sum: number }>();
  for (const sentence of sentences.values()) if (sentence.sum > (best.get(sentence.document)?.sum ?? 0)) best.set(sentence.document, sentence);
  for (const [document, sentence] of best) for (const [at, worth] of sentence.points) addTo(points[document], at, sentenceShare * worth);
  const hits = (cards: readonly { slug: string }[], offset: number): Hit[] => cards
    .map(({ slug }, index): Hit => { const own = points[offset + index] ?? []; return { slug, points: own, score: own.reduce((sum, each) => sum + each, 0) }; })
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || (a.slug < b.slug ? -1 : 1));
  return { slots, patterns: hits(corpus.patterns, 0), problems: hits(corpus.problems, corpus.patterns.length) };
}

function addTo(list: number[] | undefined, at: number, worth: number): void {
  if (list !== undefined) list[at] = (list[at] ?? 0) + worth;
}
