/** The question whose answer would tell the present candidates apart best. */
import { forces } from '../catalogue/vocabulary.ts';
import type { Force } from '../catalogue/vocabulary.ts';
import type { Claim } from './claims.ts';
import type { Corpus, PatternCard } from './corpus.ts';
import { claimPoints, forcePoints } from './evidence.ts';
import type { Evidence } from './evidence.ts';
import type { Ranking } from './rank.ts';

export type Question = { kind: 'force'; force: Force } | { kind: 'claim'; claim: Claim };

export interface Proposal {
  question: Question;
  /** Expected loss of doubt about the pattern, in bits. */
  gain: number;
  /** After each answer the first three patterns, as far as they come near the best. */
  yes: readonly string[];
  no: readonly string[];
}

/** How far two patterns lie apart before one of them is all but settled. */
const doubtPoints = 2.5;
const mostRivals = 8;
const nearRival = 0.5;
/** Less is not worth a reader's time. */
const leastGain = 0.04;

export function questionKey(question: Question): string {
  return question.kind === 'force' ? question.force : question.claim.id;
}

/**
 * Unanswered questions, the most telling first. `skipped` holds the keys of those to which a reader has no answer.
 * A question is asked only where an answer changes which patterns lead, and never what the reader has said already.
 */
export function questionsFor(corpus: Corpus, ranking: Ranking, evidence: Evidence, claims: readonly Claim[], skipped: ReadonlySet<string> = new Set()): Proposal[] {
  const answered = new Set<string>([...evidence.forces.keys(), ...evidence.claims.map(({ claim }) => claim.id), ...skipped]);
  const rivals = rivalsOf(corpus, ranking);
  const now = leading(ranking.patterns);
  if (rivals.length < 2) return [];
  const questions: Question[] = [
    ...(Object.keys(forces) as Force[]).map((force): Question => ({ kind: 'force', force })),
    ...claims.filter(({ text }) => !isSaid(corpus, ranking, text)).map((claim): Question => ({ kind: 'claim', claim })),
  ];
  return questions.filter((question) => !answered.has(questionKey(question))).flatMap((question): Proposal[] => {
    const gain = gainOf(corpus, rivals, question);
    if (gain < leastGain) return [];
    const [yes, no] = [firstAfter(corpus, ranking, question, true), firstAfter(corpus, ranking, question, false)];
    return String(yes) === String(now) && String(no) === String(now) ? [] : [{ question, gain, yes, no }];
  }).sort((a, b) => b.gain - a.gain || (questionKey(a.question) < questionKey(b.question) ? -1 : 1));
}

interface Rival { card: PatternCard; score: number; chance: number }

function rivalsOf(corpus: Corpus, { patterns }: Ranking): Rival[] {
  const [best] = patterns;
  if (best === undefined) return [];
  const near = patterns.slice(0, mostRivals).filter(({ score }) => score >= nearRival * best.score);
  const weights = near.map(({ score }) => Math.exp((score - best.score) / doubtPoints));
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  return near.flatMap(({ slug, score }, at) => {
    const card = corpus.patterns.find((each) => each.slug === slug);
    return card === undefined ? [] : [{ card, score, chance: (weights[at] ?? 0) / all }];
  });
}

/** The chance of a yes is the one that the points of both answers imply, so that asking and scoring agree. */
function gainOf(corpus: Corpus, rivals: readonly Rival[], question: Question): number {
  const yesGiven = rivals.map(({ card }) => {
    const [yes, no] = [true, false].map((answer) => Math.exp(pointsFor(corpus, card, question, answer) / doubtPoints));
    return (yes ?? 1) / ((yes ?? 1) + (no ?? 1));
  });
  const yes = rivals.reduce((sum, { chance }, at) => sum + chance * (yesGiven[at] ?? 0), 0);
  const after = (answer: number, likelihood: (at: number) => number): number => (answer === 0 ? 0 : answer * doubt(rivals.map(({ chance }, at) => chance * likelihood(at) / answer)));
  return doubt(rivals.map(({ chance }) => chance)) - after(yes, (at) => yesGiven[at] ?? 0) - after(1 - yes, (at) => 1 - (yesGiven[at] ?? 0));
}

function doubt(chances: readonly number[]): number {
  return -chances.reduce((sum, chance) => sum + (chance > 0 ? chance * Math.log2(chance) : 0), 0);
}

function pointsFor(corpus: Corpus, card: PatternCard, question: Question, answer: boolean): number {
  return question.kind === 'force' ? forcePoints(card, question.force, answer ? 'applies' : 'not') : claimPoints(corpus, card, question.claim, answer);
}

function firstAfter(corpus: Corpus, ranking: Ranking, question: Question, answer: boolean): string[] {
  const ruledOut = new Set(ranking.ruledOut.map(({ hit }) => hit.slug));
  const before = new Map(ranking.patterns.map(({ slug, score }) => [slug, score]));
  return leading(corpus.patterns.filter(({ slug }) => !ruledOut.has(slug))
    .map((card) => ({ slug: card.slug, score: (before.get(card.slug) ?? 0) + pointsFor(corpus, card, question, answer) }))
    .filter(({ score }) => score > 0).sort((a, b) => b.score - a.score || (a.slug < b.slug ? -1 : 1)));
}

/** The first three that come near the best. @param patterns best first */
export function leading(patterns: readonly { slug: string; score: number }[]): string[] {
  return patterns.slice(0, 3).filter(({ score }) => score >= nearRival * (patterns[0]?.score ?? 0)).map(({ slug }) => slug);
}

/** Half of what a sentence says stands in the question already. */
function isSaid(corpus: Corpus, { slots }: Ranking, text: string): boolean {
  const matched = new Set(slots.flatMap((slot) => [...slot.matches].filter(([, weight]) => weight >= 0.5).map(([stem]) => stem)));
  const terms = new Set(corpus.synonyms.terms(text).map((term) => term.stem));
  return [...terms].filter((term) => matched.has(term)).length >= terms.size / 2;
}
