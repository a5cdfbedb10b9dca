import type { Random } from '../clock.ts';
import type { Choice } from './contract.ts';

function below(random: Random, count: number): number {
  return Math.floor(random() * count);
}

// #region choices
/** Begins at a place of its own: callers that all begin with the first entry move on in step. */
export function roundRobin(random: Random = Math.random): Choice {
  let next = below(random, 2 ** 20);
  return ({ length }) => next++ % length;
}

/** The least loaded of all, drawn among equals: to an idle caller all are equal, and the first would get everything. */
export function leastRequests(random: Random = Math.random): Choice {
  return (candidates) => {
    const least = Math.min(...candidates.map(({ load }) => load));
    const equals = [...candidates.keys()].filter((at) => candidates[at]!.load === least);
    return equals[below(random, equals.length)]!;
  };
}

/** The less loaded of two different ones, drawn at random: nearly as even, and callers with the same numbers do not all run to the same one. */
export function twoChoices(random: Random = Math.random): Choice {
  return (candidates) => {
    const one = below(random, candidates.length);
    if (candidates.length === 1) return one;
    const other = (one + 1 + below(random, candidates.length - 1)) % candidates.length;
    return candidates[other]!.load < candidates[one]!.load ? other : one;
  };
}
// #endregion choices
