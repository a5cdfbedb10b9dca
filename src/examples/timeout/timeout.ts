import { systemClock } from '../clock.ts';
import { CallTimeoutError, TooLateError } from './contract.ts';
import type { CallContext, EndedBy, Occurrence, TimeLimitEvent, TimeLimitOptions } from './contract.ts';

export { CallTimeoutError, TooLateError };
export type { CallContext, TimeLimitEvent, TimeLimitOptions };

/** Timers hold their delay in 31 bits; a longer one fires at once. */
const longestMs = 2 ** 31 - 1;

/**
 * Limits how long callers wait for one kind of call, and hands down the time that is left.
 * Order around a call: fallback > deadline > retry with its budget > breaker > bulkhead > this, for each attempt > call.
 */
export class TimeLimit {
  readonly #options: Required<Omit<TimeLimitOptions, 'onEvent'>> & Pick<TimeLimitOptions, 'onEvent'>;
  #abandoned = 0;

  constructor(options: TimeLimitOptions) {
    this.#options = { marginMs: 0, leastMs: 1, clock: systemClock, ...options };
    const { limitMs, marginMs, leastMs } = this.#options;
    requireMs('limitMs', limitMs, limitMs > 0 && limitMs <= longestMs, `above 0 and at most ${longestMs}`);
    requireMs('marginMs', marginMs, marginMs >= 0 && marginMs < Infinity, 'from 0');
    requireMs('leastMs', leastMs, leastMs > 0 && leastMs <= limitMs, 'above 0 and at most limitMs');
  }

  /** Calls that go on although nobody waits for them. */
  get abandoned(): number {
    return this.#abandoned;
  }

  // #region run
  /**
   * Waits for `operation`, but no longer than its limit and the deadline of the request. Then
   * the caller is let go and the signal of the operation aborts; its end is ignored, and told.
   * @throws CallTimeoutError, TooLateError (not called), the reason of `signal`, or what
   * `operation` throws
   */
  async run<Result>(
    operation: (context: Required<CallContext>) => Promise<Result>,
    { signal, untilMs = Infinity }: CallContext = {},
  ): Promise<Result> {
    signal?.throwIfAborted();
    const { name, clock } = this.#options;
    const startMs = clock.now();
    const { giveUpMs, endedBy } = this.#budget(startMs, untilMs);
    return new Promise((resolve, reject) => {
      const ours = new AbortController(); // one for each call: others go on
      const tookMs = (): number => clock.now() - startMs;
      const letGo = (occurrence: Occurrence, reason: unknown): void => {
        stopWaiting();
        this.#abandoned += 1;
        this.#emit(occurrence);
        reject(reason);
        ours.abort(reason);
      };
      const timer = clock.setTimeout(() => letGo(
        { type: 'gave-up', tookMs: tookMs(), endedBy },
        new CallTimeoutError(name, tookMs(), endedBy),
      ), giveUpMs - startMs);
      // The reason stays as it is: that somebody left is no timeout.
      const leave = (): void => letGo({ type: 'cancelled', tookMs: tookMs() }, signal?.reason);
      signal?.addEventListener('abort', leave, { once: true });
      const stopWaiting = (): void => {
        clock.clearTimeout(timer);
        signal?.removeEventListener('abort', leave);
      };
      const ended = (answered: boolean): void => {
        if (ours.signal.aborted) return this.#endedLate(tookMs(), answered);
        stopWaiting();
        this.#emit({ type: answered ? 'answered' : 'failed', tookMs: tookMs() });
      };
      // A call that throws at once is a rejection like any other.
      new Promise<Result>((begun) =>
        begun(operation({ signal: ours.signal, untilMs: giveUpMs })),
      ).then(
        (result) => { ended(true); resolve(result); },
        (error: unknown) => { ended(false); reject(error); },
      );
    });
  }
  // #endregion run

  // #region budget
  /** Our limit or the deadline less the margin, whichever is earlier: a hop never adds time. */
  #budget(nowMs: number, untilMs: number): { giveUpMs: number; endedBy: EndedBy } {
    const { name, limitMs, marginMs, leastMs } = this.#options;
    const leftMs = untilMs - marginMs - nowMs;
    if (!(leftMs >= leastMs)) {
      this.#emit({ type: 'refused', leftMs });
      throw new TooLateError(name, leftMs);
    }
    if (leftMs < limitMs) return { giveUpMs: nowMs + leftMs, endedBy: 'deadline' };
    return { giveUpMs: nowMs + limitMs, endedBy: 'limit' };
  }
  // #endregion budget

  #endedLate(tookMs: number, answered: boolean): void {
    this.#abandoned -= 1;
    this.#emit({ type: 'ended-late', tookMs, answered });
  }

  #emit(occurrence: Occurrence): void {
    const { name, clock, onEvent } = this.#options;
    onEvent?.({ limit: name, atMs: clock.now(), ...occurrence });
  }
}

/** @throws RangeError that says name, rule and value */
function requireMs(name: string, value: number, holds: boolean, rule: string): void {
  if (!holds) throw new RangeError(`${name} must be a number of milliseconds ${rule}: current value is ${value}`);
}
