import type { Clock } from '../clock.ts';

export interface RateLimiterOptions {
  /** Whose budget it is, as it should appear in errors and metrics: an API, a plan, a provider. */
  name: string;
  /** Tokens that a full bucket holds: the largest burst. */
  capacity: number;
  /** Tokens that come back in every `refillMs`; not all at once, but evenly. */
  refill: number;
  refillMs: number;
  /** Keys that are remembered at most. A key whose bucket is full needs no memory. */
  mostKeys?: number;
  clock?: Clock;
  /** Must not throw. */
  onEvent?: (event: RateLimiterEvent) => void;
}

export type Occurrence =
  /** `waitMs` is 0 where the call may go at once. */
  | { type: 'admitted'; cost: number; waitMs: number; remaining: number }
  /** Not called, and nothing was taken. */
  | { type: 'refused'; cost: number; retryAfterMs: number }
  /** The caller went away while it waited. `returned`: its tokens are back in the bucket. */
  | { type: 'left'; cost: number; returned: boolean }
  /** More keys than `mostKeys`: this one begins again with a full bucket. */
  | { type: 'forgotten' };
export type RateLimiterEvent = { limiter: string; key: string; atMs: number } & Occurrence;

export interface Admission {
  /** Whole tokens left for this key. */
  remaining: number;
  /** Until the bucket is full again, if nobody takes from it. */
  fullInMs: number;
}

/** Refused by the limiter: the call was not made. Says nothing about the key, which may be a secret. */
export class RateLimitedError extends Error {
  override readonly name = 'RateLimitedError';
  readonly limiter: string;
  /** From now on; the same call is admitted then if nobody else takes from the bucket. Infinity: never, it costs more than a bucket holds. */
  readonly retryAfterMs: number;

  constructor(limiter: string, retryAfterMs: number) {
    super(`rate limit '${limiter}' refused: ${retryAfterMs === Infinity ? 'the call costs more than a full bucket holds' : `try again in ${Math.ceil(retryAfterMs)} ms`}`);
    this.limiter = limiter;
    this.retryAfterMs = retryAfterMs;
  }
}
