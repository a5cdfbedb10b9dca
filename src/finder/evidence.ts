/** What a reader answered beside the words, and how many points each answer adds to a pattern. */
import type { Force } from '../catalogue/vocabulary.ts';
import type { Claim } from './claims.ts';
import { affinityOf } from './claims.ts';
import type { Corpus, PatternCard } from './corpus.ts';

/** `must`: a pattern against which this force speaks is ruled out. Unanswered means unknown. */
export type ForceAnswer = 'applies' | 'must' | 'not';

export interface ClaimAnswer { claim: Claim; holds: boolean }

export interface Evidence {
  forces: ReadonlyMap<Force, ForceAnswer>;
  claims: readonly ClaimAnswer[];
}

export const noEvidence: Evidence = { forces: new Map(), claims: [] };

/** One answer and what it did to one pattern. */
export type Move = { kind: 'force'; force: Force; answer: ForceAnswer; points: number } | { kind: 'claim'; claim: Claim; holds: boolean; points: number };

/** The rarest words add about four points each: a strong force is worth less than half of one, a symptom that is seen a whole one. */
export const pointsPerWeight = 0.75;
export const pointsPerClaim = 4;
/** What is missing tells less than what is there. */
const denied = 0.5;

/** The answers that move a pattern, in the order of the evidence. */
export function movesOf(corpus: Corpus, card: PatternCard, { forces, claims }: Evidence): Move[] {
  const byForces = [...forces].map(([force, answer]): Move => ({ kind: 'force', force, answer, points: forcePoints(card, force, answer) }));
  const byClaims = claims.map(({ claim, holds }): Move => ({ kind: 'claim', claim, holds, points: claimPoints(corpus, card, claim, holds) }));
  return [...byForces, ...byClaims].filter(({ points }) => points !== 0);
}

export function forcePoints(card: PatternCard, force: Force, answer: ForceAnswer): number {
  const weight = card.forces[force] ?? 0;
  return answer === 'not' ? -weight * denied * pointsPerWeight : weight * pointsPerWeight;
}

export function claimPoints(corpus: Corpus, card: PatternCard, claim: Claim, holds: boolean): number {
  return affinityOf(corpus, claim, card.slug) * pointsPerClaim * (holds ? 1 : -denied);
}

/** The force that a reader made hard and that speaks against the pattern. */
export function ruledOutBy(card: PatternCard, { forces }: Evidence): Force | undefined {
  return [...forces].find(([force, answer]) => answer === 'must' && (card.forces[force] ?? 0) < 0)?.[0];
}
