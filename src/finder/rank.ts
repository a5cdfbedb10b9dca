/** Patterns and problems by how well they fit what a reader says: words and answers, each with the points it adds. */
import type { Force } from '../catalogue/vocabulary.ts';
import type { Corpus, PatternCard, ProblemCard } from './corpus.ts';
import { movesOf, noEvidence, pointsPerClaim, ruledOutBy } from './evidence.ts';
import type { Evidence, Move } from './evidence.ts';
import { slotsOf } from './slots.ts';
import type { Slot } from './slots.ts';
import { wordPoints } from './word-points.ts';

export interface Hit {
  slug: string;
  score: number;
  /** What each slot of the query adds to the score, in the order of `Ranking.slots`. */
  points: readonly number[];
  /** What the answers add or take; together with `points` they are the score. */
  moves: readonly Move[];
}

export interface Ranking {
  slots: readonly Slot[];
  /** Best first, all with a score above zero; equal ones by slug. */
  patterns: readonly Hit[];
  problems: readonly Hit[];
  /** Patterns that would be there, had the reader not made a force hard. */
  ruledOut: readonly { hit: Hit; force: Force }[];
}

export function rank(corpus: Corpus, query: string, evidence: Evidence = noEvidence): Ranking {
  const slots = slotsOf(corpus, query);
  const points = wordPoints(corpus, slots);
  const patterns = hitsOf(corpus.patterns, points, 0, (card) => movesOf(corpus, card, evidence));
  const hard = new Map(corpus.patterns.flatMap((card): [string, Force][] => {
    const force = ruledOutBy(card, evidence);
    return force === undefined ? [] : [[card.slug, force]];
  }));
  return {
    slots,
    patterns: patterns.filter(({ slug }) => !hard.has(slug)),
    problems: hitsOf(corpus.problems, points, corpus.patterns.length, (card) => problemMoves(card, evidence)),
    ruledOut: patterns.flatMap((hit) => {
      const force = hard.get(hit.slug);
      return force === undefined ? [] : [{ hit, force }];
    }),
  };
}

function hitsOf<Card extends PatternCard | ProblemCard>(cards: readonly Card[], points: readonly Float64Array[], first: number, movesFor: (card: Card) => readonly Move[]): Hit[] {
  return cards.map((card, index): Hit => {
    const own = points.map((ofSlot) => ofSlot[first + index] ?? 0);
    const moves = movesFor(card);
    return { slug: card.slug, points: own, moves, score: own.reduce((sum, each) => sum + each, 0) + moves.reduce((sum, move) => sum + move.points, 0) };
  }).filter(({ score }) => score > 0).sort((a, b) => b.score - a.score || (a.slug < b.slug ? -1 : 1));
}

/** A problem is recognised by its own symptoms; what is true of a system says nothing about it. */
function problemMoves({ slug }: ProblemCard, { claims }: Evidence): Move[] {
  return claims.filter(({ claim }) => claim.problem === slug).map(({ claim, holds }): Move => ({ kind: 'claim', claim, holds, points: holds ? pointsPerClaim : -pointsPerClaim / 2 }));
}
