import { systemClock } from '../clock.ts';
import { OverloadedError } from './contract.ts';
import type { LoadShedderEvent, LoadShedderOptions, Occurrence, Reason, RequestOptions } from './contract.ts';

export { OverloadedError };
export type { LoadShedderEvent, LoadShedderOptions, Reason, RequestOptions };

/** Timers hold their delay in 31 bits; a longer one fires at once. */
const longestMs = 2 ** 31 - 1;
/** What one measurement moves the estimate by. */
const weight = 0.1;

interface Waiter { enter: () => void; refuse: (reason: Reason) => void }

/**
 * Admits what can begin in time and refuses the rest before any work is done for it, the least important first.
 * One instance for each process, in front of everything that is worked on with the same resources; probes go past it.
 * Thresholds that rise with importance are those of "Handling Overload" in Google's SRE book; here a class has no threshold of
 * its own, but waits behind all that is more important, and is refused when that wait is too long.
 */
export class LoadShedder {
  readonly #options: Required<Omit<LoadShedderOptions, 'onEvent'>> & Pick<LoadShedderOptions, 'onEvent'>;
  /** By class, each in order of arrival. Nobody is in it while a slot is free. */
  readonly #waiting: Set<Waiter>[];
  #running = 0;
  #holdMs: number;

  constructor(options: LoadShedderOptions) {
    this.#options = { waitMs: 100, classes: 3, mostWaiting: 1_000, spreadMs: 5_000, clock: systemClock, random: Math.random, ...options };
    const { waitMs, holdMs, spreadMs, classes } = this.#options;
    for (const name of ['slots', 'classes', 'mostWaiting'] as const) requireWhole(name, this.#options[name], 1, Number.MAX_SAFE_INTEGER);
    if (!(waitMs > 0 && waitMs <= longestMs)) throw new RangeError(`waitMs must be above 0 and at most ${longestMs}: current value is ${waitMs}`);
    if (!(holdMs > 0 && holdMs < Infinity)) throw new RangeError(`holdMs must be a positive number: current value is ${holdMs}`);
    if (!(spreadMs >= 0 && spreadMs < Infinity)) throw new RangeError(`spreadMs must be a number of at least 0: current value is ${spreadMs}`);
    this.#holdMs = holdMs;
    this.#waiting = Array.from({ length: classes }, () => new Set());
  }

  get running(): number {
    return this.#running;
  }

  get waiting(): number {
    return this.#ahead(this.#options.classes - 1);
  }

  // #region run
  /**
   * Works on a request at once or when its turn comes, or refuses it. `operation` should end
   * when `signal` aborts: until its promise settles, its slot stays taken.
   * @throws OverloadedError, the reason of `signal`, or whatever `operation` throws
   */
  async run<T>(operation: (signal: AbortSignal) => Promise<T>, request: RequestOptions = {}): Promise<T> {
    const { priority = 0, withinMs = Infinity, signal = new AbortController().signal } = request;
    signal.throwIfAborted();
    requireWhole('priority', priority, 0, this.#options.classes - 1);
    if (!(withinMs > 0)) throw new RangeError(`withinMs must be above 0: current value is ${withinMs}`);
    const askedMs = this.#options.clock.now();
    // A free slot is taken whatever the estimate says, or a wrong estimate would never be corrected.
    if (this.#running < this.#options.slots) this.#running += 1;
    else await this.#turn(priority, withinMs, signal);
    return this.#hold(operation, priority, signal, askedMs);
  }

  /** Begins with a slot in its hands and gives it back, once, whatever happens. */
  async #hold<T>(
    operation: (signal: AbortSignal) => Promise<T>,
    priority: number,
    signal: AbortSignal,
    askedMs: number,
  ): Promise<T> {
    const { clock } = this.#options;
    const startMs = clock.now();
    let outcome: 'fulfilled' | 'rejected' = 'rejected';
    try {
      this.#emit(priority, { type: 'started', waitedMs: startMs - askedMs });
      signal.throwIfAborted(); // gone between the handover and now
      const result = await operation(signal);
      outcome = 'fulfilled';
      return result;
    } finally {
      const heldMs = clock.now() - startMs;
      this.#holdMs += weight * (heldMs - this.#holdMs);
      this.#release();
      this.#emit(priority, { type: 'ended', outcome, heldMs });
    }
  }
  // #endregion run

  // #region turn
  /** Resolves when a slot has been handed over. Decides on arrival whether that can be in time. */
  #turn(priority: number, withinMs: number, signal: AbortSignal): Promise<void> {
    const { clock, mostWaiting } = this.#options;
    // A slot comes free every holdMs / slots. What waits behind in importance does not count.
    const expectedMs = this.#expectedMs(priority);
    const waitMs = Math.min(this.#options.waitMs, withinMs - this.#holdMs);
    if (expectedMs > waitMs) throw this.#refusal(priority, 'would wait', 0);
    if (this.waiting >= mostWaiting && !this.#takePlace(priority)) throw this.#refusal(priority, 'full', 0);

    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const askedMs = clock.now();
    const leave = (): void => {
      this.#waiting[priority]?.delete(waiter);
      clock.clearTimeout(timer);
      signal.removeEventListener('abort', abort);
    };
    const waiter: Waiter = {
      enter: () => {
        leave();
        resolve();
      },
      refuse: (reason) => {
        leave();
        reject(this.#refusal(priority, reason, clock.now() - askedMs));
      },
    };
    const abort = (): void => {
      leave();
      this.#emit(priority, { type: 'left', waitedMs: clock.now() - askedMs });
      reject(signal.reason);
    };
    const timer = clock.setTimeout(() => waiter.refuse('waited'), waitMs);
    signal.addEventListener('abort', abort, { once: true });
    this.#waiting[priority]?.add(waiter);
    return promise;
  }

  #expectedMs(priority: number): number {
    return (this.#ahead(priority) + 1) * this.#holdMs / this.#options.slots;
  }
  // #endregion turn

  #ahead(priority: number): number {
    return this.#waiting.slice(0, priority + 1).reduce((sum, { size }) => sum + size, 0);
  }

  // #region place
  /** From the least important of those who wait, if it is less important: the one nearest to giving up. */
  #takePlace(priority: number): boolean {
    const [oldest] = this.#waiting.slice(priority + 1).findLast(({ size }) => size > 0) ?? [];
    oldest?.refuse('outranked');
    return oldest !== undefined;
  }

  /** Hands the slot to the most important of those who wait, in order of arrival. It is never free in between. */
  #release(): void {
    const [next] = this.#waiting.find(({ size }) => size > 0) ?? [];
    if (next === undefined) this.#running -= 1;
    else next.enter();
  }
  // #endregion place

  #refusal(priority: number, reason: Reason, waitedMs: number): OverloadedError {
    const { name, spreadMs, random } = this.#options;
    const retryAfterMs = this.#expectedMs(priority) + random() * spreadMs;
    this.#emit(priority, { type: 'refused', reason, waitedMs, retryAfterMs });
    return new OverloadedError(name, reason, retryAfterMs);
  }

  #emit(priority: number, occurrence: Occurrence): void {
    const { name, clock, onEvent } = this.#options;
    onEvent?.({ service: name, atMs: clock.now(), priority, running: this.#running, waiting: this.waiting, holdMs: this.#holdMs, ...occurrence });
  }
}

/** @throws RangeError that says name, rule and value */
function requireWhole(name: string, value: number, least: number, most: number): void {
  if (!(Number.isInteger(value) && value >= least && value <= most)) throw new RangeError(`${name} must be a whole number from ${least} to ${most}: current value is ${value}`);
}
