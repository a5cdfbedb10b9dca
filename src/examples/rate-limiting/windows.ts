import { systemClock } from '../clock.ts';
import type { Clock } from '../clock.ts';
import { requirePositive } from './positive.ts';

/** Counts for one key, at most `limit` calls in `windowMs`. The answer is the time to wait in ms; 0: admitted. Refusals do not count. */
export interface Window { take(): number }

interface WindowOptions { limit: number; windowMs: number; clock?: Clock }

// #region fixed
/** One number. Its fault: the budget of two windows fits into the moment between them. */
export class FixedWindow implements Window {
  readonly #options: Required<WindowOptions>;
  #window = -Infinity;
  #count = 0;

  constructor(options: WindowOptions) {
    this.#options = checked(options);
  }

  take(): number {
    const { limit, windowMs, clock } = this.#options;
    const nowMs = clock.now();
    const window = Math.floor(nowMs / windowMs);
    if (window > this.#window) [this.#window, this.#count] = [window, 0];
    if (this.#count >= limit) return (this.#window + 1) * windowMs - nowMs;
    this.#count += 1;
    return 0;
  }
}
// #endregion fixed

// #region counter
/**
 * Two numbers: what is left of the window before counts by the share of it that the last
 * `windowMs` still cover, as if its calls had come evenly.
 */
export class SlidingCounter implements Window {
  readonly #options: Required<WindowOptions>;
  #window = -Infinity;
  #count = 0;
  #before = 0;

  constructor(options: WindowOptions) {
    this.#options = checked(options);
  }

  take(): number {
    const { limit, windowMs, clock } = this.#options;
    const nowMs = clock.now();
    const window = Math.floor(nowMs / windowMs);
    if (window > this.#window) {
      this.#before = window === this.#window + 1 ? this.#count : 0;
      [this.#window, this.#count] = [window, 0];
    }
    const passedMs = nowMs - this.#window * windowMs;
    const free = limit - 1 - this.#count;
    // At most `free` of those before may count by then.
    const [count, startMs] = free >= 0 ? [this.#before, 0] : [this.#count, windowMs];
    const room = free >= 0 ? free : limit - 1;
    const dueMs = startMs + (count > room ? windowMs * (1 - room / count) : 0);
    if (dueMs - passedMs > 1e-6) return dueMs - passedMs;
    this.#count += 1;
    return 0;
  }
}
// #endregion counter

// #region log
/** A time for each call in (now − windowMs, now]: exact, and as large as the limit. */
export class SlidingLog implements Window {
  readonly #options: Required<WindowOptions>;
  readonly #timesMs: number[] = [];

  constructor(options: WindowOptions) {
    this.#options = checked(options);
  }

  take(): number {
    const { limit, windowMs, clock } = this.#options;
    const nowMs = clock.now();
    while (this.#timesMs[0] !== undefined && this.#timesMs[0] <= nowMs - windowMs) this.#timesMs.shift();
    const [oldestMs] = this.#timesMs;
    if (this.#timesMs.length >= limit && oldestMs !== undefined) return oldestMs + windowMs - nowMs;
    this.#timesMs.push(nowMs);
    return 0;
  }
}
// #endregion log

function checked(options: WindowOptions): Required<WindowOptions> {
  const { limit, windowMs } = options;
  if (!Number.isSafeInteger(limit) || limit < 1) throw new RangeError(`limit must be a positive integer: current value is ${limit}`);
  requirePositive('windowMs', windowMs);
  return { clock: systemClock, ...options };
}
