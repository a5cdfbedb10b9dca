import { startLimit, untilAborted } from '../api-gateway/limit.ts';
import type { Bulkhead } from '../bulkhead/bulkhead.ts';
import { CacheFallback } from '../cache-fallback/cache-fallback.ts';
import type { Answer, CacheFallbackOptions } from '../cache-fallback/cache-fallback.ts';
import type { CircuitBreaker } from '../circuit-breaker/circuit-breaker.ts';
import type { Clock } from '../clock.ts';
import { HttpStatusError } from '../retry-with-backoff/http-failure.ts';
import { retry } from '../retry-with-backoff/retry-with-backoff.ts';
import type { RetryOptions } from '../retry-with-backoff/retry-with-backoff.ts';
import { forCopies, meaningOf } from './meaning.ts';

// #region call
/** A question to one dependency; the answer says how old it is. */
export type Call<Key, Value> = (key: Key, signal: AbortSignal) => Promise<Answer<Value>>;

/** Takes a call and gives one that behaves better, so layers go around each other in any order. */
export type Layer = <Key, Value>(inner: Call<Key, Value>) => Call<Key, Value>;
// #endregion call

// #region timeout
/** Lets the caller go after `limitMs` and tells the call to stop; its end is ignored. */
export function limited(clock: Clock, limitMs: number): Layer {
  return (inner) => async (key, signal) => {
    signal.throwIfAborted();
    const limit = startLimit(clock, limitMs, signal, () =>
      new DOMException(`no answer within ${limitMs} ms`, 'TimeoutError'));
    try {
      return await untilAborted(inner(key, limit.signal), limit.signal);
    } finally {
      limit.clear();
    }
  };
}
// #endregion timeout

// #region retry
type Limits = Omit<RetryOptions, 'isRetryable' | 'retryAfterMs'>;

/** A `Retry-After` that lies behind the deadline ends the call at once. */
export function retried(limits: Limits): Layer {
  const options: RetryOptions = {
    ...limits,
    isRetryable: (error) => meaningOf(error) === 'brief',
    retryAfterMs: (error) =>
      error instanceof HttpStatusError ? error.retryAfterMs : undefined,
  };
  return (inner) => (key, signal) =>
    retry((attempt) => inner(key, attempt.signal), options, signal);
}
// #endregion retry

// #region shared
/** A breaker or a bulkhead: one for the dependency, shared by all calls. */
export function through(shared: Pick<CircuitBreaker | Bulkhead, 'run'>): Layer {
  return (inner) => (key, signal) => shared.run((own) => inner(key, own), signal);
}
// #endregion shared

type CopyOptions = Omit<CacheFallbackOptions<never, never>, 'load' | 'judge'>;

// #region fallback
/** One set of copies for each call that is wrapped. */
export function copied(options: CopyOptions): Layer {
  return <Key, Value>(inner: Call<Key, Value>): Call<Key, Value> => {
    const copies = new CacheFallback<Key, Value>({
      ...options,
      load: async (key, signal) => (await inner(key, signal)).value,
      judge: (error) => forCopies[meaningOf(error)],
    });
    return (key, signal) => copies.get(key, signal);
  };
}
// #endregion fallback
