import type { Clock, Random } from '../clock.ts';

export interface LoadShedderOptions {
  /** The service, as it should appear in errors and metrics. */
  name: string;
  /** Requests that are worked on at the same time. Measure it: more of them must not finish more. */
  slots: number;
  /** First guess of how long a request holds its slot; measured from then on. */
  holdMs: number;
  /** Longest wait for a slot. */
  waitMs?: number;
  /** Classes of importance: 0 is the most important, `classes - 1` the least. */
  classes?: number;
  /** Requests that wait at most, whatever the estimate says. */
  mostWaiting?: number;
  /** Refused callers are told to come back at times that are spread over this long. */
  spreadMs?: number;
  clock?: Clock;
  random?: Random;
  /** Must not throw. */
  onEvent?: (event: LoadShedderEvent) => void;
}

export interface RequestOptions {
  /** Class of importance; 0, the most important, when left out. */
  priority?: number;
  /** How long the caller still waits for the answer. */
  withinMs?: number;
  signal?: AbortSignal;
}

export type Reason =
  /** On arrival: its turn would come too late. */
  | 'would wait'
  /** On arrival: no place left to wait, and nobody less important to take one from. */
  | 'full'
  /** While it waited: a more important request took its place. */
  | 'outranked'
  /** While it waited: its turn did not come in time. */
  | 'waited';

export type Occurrence =
  | { type: 'started'; waitedMs: number }
  /** Not worked on. */
  | { type: 'refused'; reason: Reason; waitedMs: number; retryAfterMs: number }
  /** The caller went away while it waited. */
  | { type: 'left'; waitedMs: number }
  | { type: 'ended'; outcome: 'fulfilled' | 'rejected'; heldMs: number };
/** `running` and `waiting` are the numbers after the occurrence; `holdMs` is the estimate. */
export type LoadShedderEvent = { service: string; atMs: number; priority: number; running: number; waiting: number; holdMs: number } & Occurrence;

/** Refused by the service because of its load: nothing was done, so a repeat is harmless, but not at once. */
export class OverloadedError extends Error {
  override readonly name = 'OverloadedError';
  readonly service: string;
  readonly reason: Reason;
  /** From now on; spread, so that those who are refused together do not return together. */
  readonly retryAfterMs: number;

  constructor(service: string, reason: Reason, retryAfterMs: number) {
    super(`'${service}' is overloaded (${reason}): try again in ${Math.ceil(retryAfterMs)} ms`);
    this.service = service;
    this.reason = reason;
    this.retryAfterMs = retryAfterMs;
  }
}
