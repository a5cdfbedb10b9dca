import { systemClock } from '../clock.ts';
import { RateLimitedError } from './contract.ts';
import type { Admission, Occurrence, RateLimiterEvent, RateLimiterOptions } from './contract.ts';
import { requirePositive } from './positive.ts';

export { RateLimitedError };
export type { Admission, RateLimiterEvent, RateLimiterOptions };

/** Sums of fractions are off in their last bits. A nanosecond decides nothing, and nothing of it adds up. */
const slackMs = 1e-6;
/** Timers hold their delay in 31 bits; a longer one fires at once. */
const longestMs = 2 ** 31 - 1;

interface Reservation { waitMs: number; fullAtMs: number; admission: Admission }

/**
 * A token bucket for each key, in the form of the generic cell rate algorithm of the ATM Forum: all that is kept of a bucket is
 * the time at which it will be full again. So it fills without a timer, keeps fractions, and is forgotten once it is full.
 * It counts in one process: with n instances, callers get n times as much (see shared-bucket.ts).
 * Order around a call that you make: fallback > deadline > retry with its budget > breaker > rate limit > bulkhead > timeout per attempt > call.
 */
export class RateLimiter {
  readonly #options: Required<Omit<RateLimiterOptions, 'onEvent'>> & Pick<RateLimiterOptions, 'onEvent'>;
  /** When the bucket of a key is full again; the last to be admitted stands last. */
  readonly #fullAtMs = new Map<string, number>();

  constructor(options: RateLimiterOptions) {
    this.#options = { mostKeys: 10_000, clock: systemClock, ...options };
    for (const name of ['capacity', 'refill', 'refillMs'] as const) requirePositive(name, this.#options[name]);
    const { mostKeys } = this.#options;
    if (!Number.isSafeInteger(mostKeys) || mostKeys < 1) throw new RangeError(`mostKeys must be a positive integer: current value is ${mostKeys}`);
  }

  /** Keys that are remembered. */
  get keys(): number {
    return this.#fullAtMs.size;
  }

  // #region take
  /**
   * Takes `cost` tokens for one call, all of them or none. For the side that is called.
   * @throws RateLimitedError, which says when to come back
   */
  take(key: string, cost = 1): Admission {
    return this.#reserve(key, cost, 0).admission;
  }

  #reserve(key: string, cost: number, mostWaitMs: number): Reservation {
    requirePositive('cost', cost);
    const { name, capacity, clock } = this.#options;
    const nowMs = clock.now();
    // An unknown key has a full bucket. A clock that ran backwards gives nothing.
    const fromMs = Math.max(nowMs, this.#fullAtMs.get(key) ?? nowMs);
    const fullAtMs = fromMs + this.#refillTimeMs(cost);
    const missingMs = fullAtMs - nowMs - this.#refillTimeMs(capacity);
    const waitMs = missingMs > slackMs ? missingMs : 0;
    if (waitMs > mostWaitMs || cost > capacity) {
      const retryAfterMs = cost > capacity ? Infinity : waitMs;
      this.#emit(key, { type: 'refused', cost, retryAfterMs });
      throw new RateLimitedError(name, retryAfterMs);
    }
    this.#remember(key, fullAtMs, nowMs);
    const remaining = Math.floor(Math.max(0, slackMs - missingMs) / this.#refillTimeMs(1));
    this.#emit(key, { type: 'admitted', cost, waitMs, remaining });
    return { waitMs, fullAtMs, admission: { remaining, fullInMs: fullAtMs - nowMs } };
  }
  // #endregion take

  // #region wait
  /**
   * Waits for its turn, in order of arrival, and not at all where that would take longer
   * than `mostWaitMs`. For the side that calls.
   * @throws RateLimitedError at once, or the reason of `signal`
   */
  async wait(
    key: string,
    { cost = 1, mostWaitMs, signal }: { cost?: number; mostWaitMs: number; signal?: AbortSignal },
  ): Promise<void> {
    signal?.throwIfAborted();
    if (!(mostWaitMs > 0 && mostWaitMs <= longestMs)) throw new RangeError(`mostWaitMs must be above 0 and at most ${longestMs}: current value is ${mostWaitMs}`);
    const { waitMs, fullAtMs } = this.#reserve(key, cost, mostWaitMs);
    if (waitMs === 0) return;
    try {
      await this.#options.clock.sleep(waitMs, signal);
    } catch (reason) {
      // Whoever came behind has a time already: only the last in line can leave without a gap.
      const returned = this.#fullAtMs.get(key) === fullAtMs;
      if (returned) this.#fullAtMs.set(key, fullAtMs - this.#refillTimeMs(cost));
      this.#emit(key, { type: 'left', cost, returned });
      throw reason;
    }
  }
  // #endregion wait

  // #region remember
  #remember(key: string, fullAtMs: number, nowMs: number): void {
    this.#fullAtMs.delete(key);
    this.#fullAtMs.set(key, fullAtMs);
    for (const [oldest, atMs] of this.#fullAtMs) {
      const isFull = atMs <= nowMs; // as good as unknown
      if (!isFull && this.#fullAtMs.size <= this.#options.mostKeys) return;
      this.#fullAtMs.delete(oldest);
      if (!isFull) this.#emit(oldest, { type: 'forgotten' });
    }
  }
  // #endregion remember

  #refillTimeMs(tokens: number): number {
    return tokens * this.#options.refillMs / this.#options.refill;
  }

  #emit(key: string, occurrence: Occurrence): void {
    const { name, clock, onEvent } = this.#options;
    onEvent?.({ limiter: name, key, atMs: clock.now(), ...occurrence });
  }
}
