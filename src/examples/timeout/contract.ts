import type { Clock } from '../clock.ts';

export interface TimeLimitOptions {
  /** What is called, as it should appear in errors and metrics. */
  name: string;
  /** The longest that a caller waits for one call. */
  limitMs: number;
  /** Held back from the deadline of a request, for the way to and fro and for an answer of our own. */
  marginMs?: number;
  /** The shortest time in which an answer can be had at all. With less left, the call is not made. */
  leastMs?: number;
  clock?: Clock;
  /** Must not throw. */
  onEvent?: (event: TimeLimitEvent) => void;
}

/** What a call gets along. Nothing of it means: wait as long as the limit says. */
export interface CallContext {
  /** The word of whoever asked that it wants no answer any more. */
  signal?: AbortSignal;
  /** When the answer is worth nothing any more: a time on the clock of this process. */
  untilMs?: number;
}

/** What ended the wait: our own limit, or the deadline that came with the request. */
export type EndedBy = 'limit' | 'deadline';

export type Occurrence =
  | { type: 'answered' | 'failed'; tookMs: number }
  /** The caller was let go. */
  | { type: 'gave-up'; tookMs: number; endedBy: EndedBy }
  /** Whoever asked had left. */
  | { type: 'cancelled'; tookMs: number }
  /** Not called: too little time was left. */
  | { type: 'refused'; leftMs: number }
  /** A call ended whose caller had been let go: work in vain, or a write that took effect all the same. `tookMs` counts from its start. */
  | { type: 'ended-late'; tookMs: number; answered: boolean };
export type TimeLimitEvent = { limit: string; atMs: number } & Occurrence;

/** No answer in time. Whether the call took effect is unknown. */
export class CallTimeoutError extends Error {
  override readonly name = 'TimeoutError';
  readonly limit: string;
  readonly waitedMs: number;
  readonly endedBy: EndedBy;

  constructor(limit: string, waitedMs: number, endedBy: EndedBy) {
    super(`${limit}: no answer within ${Math.round(waitedMs)} ms${endedBy === 'deadline' ? ', when the request had to be answered' : ''}`);
    this.limit = limit;
    this.waitedMs = waitedMs;
    this.endedBy = endedBy;
  }
}

/** The call was not made: it could not have been answered in time. */
export class TooLateError extends Error {
  override readonly name = 'TooLateError';
  readonly limit: string;
  /** Below zero: the deadline had passed. */
  readonly leftMs: number;

  constructor(limit: string, leftMs: number) {
    super(`${limit}: not called, ${Math.round(leftMs)} ms were left`);
    this.limit = limit;
    this.leftMs = leftMs;
  }
}
