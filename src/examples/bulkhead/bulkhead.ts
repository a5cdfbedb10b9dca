import { systemClock } from '../clock.ts';
import { BulkheadFullError } from './contract.ts';
import type { BulkheadEvent, BulkheadOptions, Occurrence } from './contract.ts';

export { BulkheadFullError };
export type { BulkheadEvent, BulkheadOptions };

/** Timers hold their delay in 31 bits; a longer one fires at once. */
const longestMs = 2 ** 31 - 1;

/**
 * Lets a bounded number of calls run at the same time and a bounded number wait, first come, first served.
 * One instance per dependency, tenant or kind of work, shared by all its callers; keep the set of instances bounded.
 * Order around a call: fallback > deadline > retry with its budget > breaker > bulkhead > timeout per attempt > call.
 * The bulkhead of the Azure Architecture Center as a semaphore in the sense of the Hystrix wiki, with a queue.
 */
export class Bulkhead {
  readonly #options: Required<Omit<BulkheadOptions, 'onEvent'>> & Pick<BulkheadOptions, 'onEvent'>;
  #running = 0;
  /** In order of arrival; each function hands a slot over. Nobody is in it while a slot is free. */
  readonly #waiting = new Set<() => void>();

  constructor(options: BulkheadOptions) {
    this.#options = { queue: 0, waitMs: 1_000, clock: systemClock, ...options };
    const { slots, queue, waitMs } = this.#options;
    if (!Number.isSafeInteger(slots) || slots < 1) throw new RangeError(`slots must be a positive integer: current value is ${slots}`);
    if (!Number.isSafeInteger(queue) || queue < 0) throw new RangeError(`queue must be an integer of at least 0: current value is ${queue}`);
    if (!(waitMs > 0 && waitMs <= longestMs)) throw new RangeError(`waitMs must be above 0 and at most ${longestMs}: current value is ${waitMs}`);
  }

  get running(): number {
    return this.#running;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  // #region run
  /**
   * Runs `operation` in a slot, at once or when its turn comes. A caller that aborts
   * goes at once; its slot stays taken until the promise of `operation` settles,
   * because until then the work is still there.
   * @throws BulkheadFullError, the reason of `signal`, or whatever `operation` throws
   */
  async run<T>(
    operation: (signal: AbortSignal) => Promise<T>,
    signal = new AbortController().signal,
  ): Promise<T> {
    signal.throwIfAborted();
    const askedMs = this.#options.clock.now();
    if (this.#running < this.#options.slots) this.#running += 1;
    else await this.#turn(signal);
    return untilAborted(this.#hold(operation, signal, askedMs), signal);
  }

  /** Begins with a slot in its hands and gives it back, once, whatever happens. */
  async #hold<T>(
    operation: (signal: AbortSignal) => Promise<T>,
    signal: AbortSignal,
    askedMs: number,
  ): Promise<T> {
    const { clock } = this.#options;
    const startMs = clock.now();
    let outcome: 'fulfilled' | 'rejected' = 'rejected';
    try {
      this.#emit({ type: 'started', waitedMs: startMs - askedMs });
      signal.throwIfAborted(); // aborted between the handover and now
      const result = await operation(signal);
      outcome = 'fulfilled';
      return result;
    } finally {
      this.#release();
      const heldMs = clock.now() - startMs;
      this.#emit({ type: 'ended', outcome, heldMs, abandoned: signal.aborted });
    }
  }
  // #endregion run

  // #region turn
  /** Resolves when a slot has been handed over. */
  #turn(signal: AbortSignal): Promise<void> {
    const { name, slots, queue, waitMs, clock } = this.#options;
    if (this.#waiting.size >= queue) {
      this.#emit({ type: 'refused', waitedMs: 0 });
      throw new BulkheadFullError(name, slots, 0);
    }
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const askedMs = clock.now();
    const leave = (): void => {
      this.#waiting.delete(enter);
      clock.clearTimeout(timer);
      signal.removeEventListener('abort', abort);
    };
    const enter = (): void => {
      leave();
      resolve();
    };
    const abort = (): void => {
      leave();
      this.#emit({ type: 'left', waitedMs: clock.now() - askedMs });
      reject(signal.reason);
    };
    const timer = clock.setTimeout(() => {
      leave();
      this.#emit({ type: 'refused', waitedMs: waitMs });
      reject(new BulkheadFullError(name, slots, waitMs));
    }, waitMs);
    signal.addEventListener('abort', abort, { once: true });
    this.#waiting.add(enter);
    this.#emit({ type: 'queued' });
    return promise;
  }

  /** Hands the slot to whoever waits longest. It is never free in between. */
  #release(): void {
    const [enter] = this.#waiting;
    if (enter === undefined) this.#running -= 1;
    else enter();
  }
  // #endregion turn

  #emit(occurrence: Occurrence): void {
    const { name, clock, onEvent } = this.#options;
    onEvent?.({ bulkhead: name, atMs: clock.now(), running: this.#running, waiting: this.#waiting.size, ...occurrence });
  }
}

/** Lets the caller go as soon as `signal` aborts; whatever `work` does afterwards is ignored. */
function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const leave = (): void => reject(signal.reason);
    if (signal.aborted) leave();
    else signal.addEventListener('abort', leave, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
  });
}
