/** Why a pattern was found and what speaks against it, in the author's sentences and the reader's words. */
import { forces } from '../catalogue/vocabulary.ts';
import type { Corpus } from './corpus.ts';
import type { Move } from './evidence.ts';
import type { Answer, NotWhen } from './pages.ts';
import type { Hit, Ranking } from './rank.ts';
import type { Slot } from './slots.ts';

export interface Explanation {
  because: Because | undefined;
  /** The reader's words that moved the score most, the strongest first. Without any of them it is lower. */
  terms: readonly string[];
  /** The author's `notWhen` that is nearest to the query. */
  but: NotWhen | undefined;
  /** The reader's answers that moved the score, the strongest first. */
  moves: readonly Move[];
}

export interface Quote { kind: 'symptom' | 'error' | 'use' | 'problem' | 'description'; text: string }

export interface Because extends Quote {
  /** The text in pieces; joined they are the text. */
  segments: readonly { text: string; marked: boolean }[];
}

export function explain(corpus: Corpus, ranking: Ranking, hit: Hit, answer: Answer): Explanation {
  const slots = ranking.slots.filter((_, at) => (hit.points[at] ?? 0) > 0);
  return { because: because(corpus, ranking, hit, slots, answer), terms: termsOf(ranking, hit), but: nearest(corpus, slots, answer.notWhen, ({ when }) => when)?.item ?? answer.notWhen[0], moves: [...hit.moves].sort((a, b) => Math.abs(b.points) - Math.abs(a.points)) };
}

/** An answer in the catalogue's words. */
export function sentenceOf(move: Move): string {
  const text = move.kind === 'force' ? forces[move.force] : move.claim.text.replace(/\.$/, '');
  const denied = move.kind === 'force' ? move.answer === 'not' : !move.holds;
  return denied ? `${move.kind === 'force' ? 'Does not apply' : 'Not so'}: ${text}` : text;
}

/** The words that make up four fifths of the score, at most five. */
export function termsOf({ slots }: Ranking, hit: Hit): string[] {
  const moved = slots.map((slot, at) => ({ words: slot.words, points: hit.points[at] ?? 0 })).filter(({ points }) => points > 0).sort((a, b) => b.points - a.points);
  const terms: string[] = [];
  let explained = 0;
  const all = moved.reduce((sum, { points }) => sum + points, 0);
  for (const { words, points } of moved) {
    if (terms.length === 5 || explained >= 0.8 * all) break;
    explained += points;
    if (!terms.some((term) => term.toLowerCase().includes(words.toLowerCase()))) terms.push(words);
  }
  return terms;
}

function because(corpus: Corpus, ranking: Ranking, hit: Hit, slots: readonly Slot[], answer: Answer): Because | undefined {
  const quotes = (kind: Quote['kind'], texts: readonly string[]): Quote[] => texts.map((text) => ({ kind, text }));
  const problems = ranking.problems.flatMap(({ slug }) => corpus.problems.filter((card) => card.slug === slug && card.candidates.includes(hit.slug)).map(({ title }) => title));
  // A symptom first: it is what the reader sees. The others speak only where no symptom does.
  for (const candidates of [
    [...quotes('symptom', answer.symptoms), ...quotes('error', answer.errorTexts)], quotes('use', answer.useWhen), quotes('description', [answer.description]), quotes('problem', problems),
  ]) {
    const found = nearest(corpus, slots, candidates, ({ text }) => text);
    if (found !== undefined) return { ...found.item, segments: segmentsOf(corpus, slots, found.item.text) };
  }
  return undefined;
}

/** The item whose text the slots match best; the first of equals, undefined when none matches. */
export function nearest<Item>(corpus: Corpus, slots: readonly Slot[], items: readonly Item[], textOf: (item: Item) => string): { item: Item; worth: number } | undefined {
  let best: { item: Item; worth: number } | undefined;
  for (const item of items) {
    const terms = new Set(corpus.synonyms.terms(textOf(item)).map((term) => term.stem));
    const worth = slots.reduce((sum, slot) => sum + slot.rarity * Math.max(0, ...[...slot.matches].map(([stem, weight]) => (terms.has(stem) ? weight : 0))), 0);
    if (worth > (best?.worth ?? 0)) best = { item, worth };
  }
  return best;
}

function segmentsOf(corpus: Corpus, slots: readonly Slot[], text: string): { text: string; marked: boolean }[] {
  const matched = new Set(slots.flatMap((slot) => [...slot.matches.keys()]));
  const segments: { text: string; marked: boolean }[] = [];
  let at = 0;
  for (const { stem, start, end } of corpus.synonyms.terms(text).sort((a, b) => a.start - b.start || b.end - a.end)) {
    if (!matched.has(stem) || start < at) continue;
    if (start > at) segments.push({ text: text.slice(at, start), marked: false });
    segments.push({ text: text.slice(start, end), marked: true });
    at = end;
  }
  if (at < text.length) segments.push({ text: text.slice(at), marked: false });
  return segments;
}
