import type { Clock, Random } from '../clock.ts';

/** One running copy of the service. The same `id` at another address is another copy. */
export interface Instance { id: string; address: string }

/** `failed`: held against the instance. `answered`: it has worked, for example a 404. `ignored`: it says nothing about the instance. */
export type Verdict = 'failed' | 'answered' | 'ignored';

/** What a choice may look at: calls of this caller alone that have no answer yet, with failed ones counted on for a while. */
export interface Candidate { readonly load: number }

/** @returns index of the chosen one; there is at least one */
export type Choice = (candidates: readonly Candidate[]) => number;

export interface BalancerOptions {
  /** The service, as it should appear in errors and metrics. */
  name: string;
  /** Two choices when left out. */
  choice?: Choice;
  /** A failed call counts as one that is still open for this long, so that failing fast does not look like being idle; 0 forgets it at once. */
  errorMs?: number;
  /** Failures in a row after which an instance is set aside. */
  failures?: number;
  /** First time aside; each further one is longer by as much, up to `maxAsideMs`. */
  asideMs?: number;
  maxAsideMs?: number;
  /** Largest share of the list, from 0 to 1, that may be aside at once: if all fail, the fault is not theirs. */
  mostAside?: number;
  /** An instance that joins later, or comes back, gets its full part of the calls after this time. */
  slowStartMs?: number;
  /** What a rejection says about the instance; by default every one is a failure. */
  judge?: (error: unknown) => Verdict;
  clock?: Clock;
  random?: Random;
  /** Must not throw. */
  onEvent?: (event: BalancerEvent) => void;
}

export interface RunOptions {
  /** Aborts when nobody wants the answer any more, which is not held against the instance. A time limit belongs into the call: else one that hangs is never blamed. */
  signal?: AbortSignal;
  /** Instances that are tried, each at most once. */
  attempts?: number;
  /** Whether a failed call may be sent to another instance: only what is safe to repeat. */
  mayRepeat?: (error: unknown) => boolean;
}

export type BalancerOccurrence =
  | { type: 'list'; joined: number; left: number; size: number }
  /** The list that came was empty, and the old one of `size` stays. */
  | { type: 'empty ignored'; size: number }
  | { type: 'aside'; id: string; forMs: number }
  /** It failed too often, and as many as may be are aside already. */
  | { type: 'aside refused'; id: string }
  | { type: 'repeated'; from: string; to: string };
export type BalancerEvent = { balancer: string; atMs: number } & BalancerOccurrence;

/** Refused by the caller's balancer: no list has ever arrived, so nothing was called. */
export class NoInstanceError extends Error {
  override readonly name = 'NoInstanceError';

  constructor(balancer: string) {
    super(`no instance of '${balancer}' is known`);
  }
}

/** Whoever keeps the list did not answer in time. */
export class LookupTimeoutError extends Error { override readonly name = 'LookupTimeoutError'; }

/** Timers hold their delay in 31 bits; a longer one fires at once. */
const longestMs = 2 ** 31 - 1;

export function requireDelay(name: string, value: number, least = 1): void {
  if (!(value >= least && value <= longestMs)) throw new RangeError(`${name} must be between ${least} and ${longestMs}: current value is ${value}`);
}

export function requireCount(name: string, value: number): void {
  if (!Number.isSafeInteger(value) || value < 1) throw new RangeError(`${name} must be a positive integer: current value is ${value}`);
}
