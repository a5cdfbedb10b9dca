import { BulkheadFullError } from '../bulkhead/bulkhead.ts';
import { SourceTimeoutError } from '../cache-fallback/cache-fallback.ts';
import type { Verdict as CopyVerdict } from '../cache-fallback/cache-fallback.ts';
import { CircuitOpenError } from '../circuit-breaker/circuit-breaker.ts';
import type { Verdict as BreakerVerdict } from '../circuit-breaker/circuit-breaker.ts';
import { HttpStatusError, isRetryable } from '../retry-with-backoff/http-failure.ts';
import { RetryGaveUpError } from '../retry-with-backoff/retry-with-backoff.ts';

// #region meaning
/** What an error says about the dependency. Every layer asks this one table. */
export type Meaning =
  /** It may work in a moment: a timeout, a lost connection, a 503. */
  | 'brief'
  /** It does not work, and asking again at once is no use. */
  | 'down'
  /** A layer of ours refused. The dependency was not asked; this says nothing about it. */
  | 'refused'
  /** It answered: there is no such thing. */
  | 'gone'
  /** A mistake on our side. Nothing may hide it. */
  | 'ours';

const get = { method: 'GET', headers: new Headers() };
const givenUp = [RetryGaveUpError, SourceTimeoutError];
const refusals = [CircuitOpenError, BulkheadFullError];

/** For questions that may be asked twice, such as GET. */
export function meaningOf(error: unknown): Meaning {
  if (isRetryable(get, error)) return 'brief';
  if (givenUp.some((kind) => error instanceof kind)) return 'down';
  if (refusals.some((kind) => error instanceof kind)) return 'refused';
  if (!(error instanceof HttpStatusError)) return 'ours';
  if (error.status >= 500) return 'down';
  return error.status === 404 || error.status === 410 ? 'gone' : 'ours';
}

export const forBreaker: Record<Meaning, BreakerVerdict> = {
  brief: 'failed', down: 'failed', refused: 'ignored',
  gone: 'answered', ours: 'ignored',
};
export const forCopies: Record<Meaning, CopyVerdict> = {
  brief: 'unavailable', down: 'unavailable', refused: 'unavailable',
  gone: 'gone', ours: 'other',
};
// #endregion meaning
