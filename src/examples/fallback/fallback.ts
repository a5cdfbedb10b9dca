import { systemClock } from '../clock.ts';
import { NoSubstituteError, SubstituteBusyError, SubstituteTimeoutError } from './contract.ts';
import type { Answer, FallbackEvent, FallbackOptions, Occurrence, Substitute } from './contract.ts';

export { NoSubstituteError, SubstituteBusyError, SubstituteTimeoutError };
export type { Answer, FallbackEvent, FallbackOptions, Substitute };

/** Timers hold their delay in 31 bits; a longer one fires at once. */
const longestMs = 2 ** 31 - 1;

/**
 * Gives the real answer, or the first substitute that works, marked as what it is. Asks no substitute for an error that is an answer.
 * One instance for each dependency. Order around a call: fallback > deadline > retry with its budget > breaker > bulkhead > timeout per attempt > call.
 */
export class Fallback<Request, Value> {
  readonly #options: Required<Omit<FallbackOptions<Request, Value>, 'onEvent'>> & Pick<FallbackOptions<Request, Value>, 'onEvent'>;
  readonly #running = new Map<Substitute<Request, Value>, number>();

  constructor(options: FallbackOptions<Request, Value>) {
    this.#options = { rehearsed: 0, clock: systemClock, random: Math.random, ...options };
    const { substitutes, rehearsed } = this.#options;
    if (substitutes.length === 0) throw new RangeError('substitutes must have at least one: current value has none');
    if (!(rehearsed >= 0 && rehearsed <= 1)) throw new RangeError(`rehearsed must be a share from 0 to 1: current value is ${rehearsed}`);
    for (const { limitMs, slots = 1 } of substitutes) {
      if (!(limitMs > 0 && limitMs <= longestMs)) throw new RangeError(`limitMs must be above 0 and at most ${longestMs}: current value is ${limitMs}`);
      if (!Number.isSafeInteger(slots) || slots < 1) throw new RangeError(`slots must be a positive integer: current value is ${slots}`);
    }
  }

  // #region get
  /**
   * @throws what the real call throws where that is an answer, NoSubstituteError, or the reason
   * of `signal`: for a caller who has left nothing is substituted
   */
  async get(request: Request, signal = new AbortController().signal): Promise<Answer<Value>> {
    const { name, real, isUnavailable, substitutes } = this.#options;
    signal.throwIfAborted();
    let cause: unknown;
    try {
      const value = await real(request, signal);
      this.#emit({ type: 'answered' });
      this.#rehearse(request);
      return { value, degraded: false };
    } catch (error) {
      signal.throwIfAborted();
      if (!isUnavailable(error)) {
        this.#emit({ type: 'passed' });
        throw error;
      }
      cause = error;
    }
    const errors: unknown[] = [];
    for (const substitute of substitutes) {
      const by = substitute.name;
      try {
        const value = await this.#ask(substitute, request, signal);
        this.#emit({ type: 'degraded', by, cause });
        return { value, degraded: true, by, cause };
      } catch (error) {
        signal.throwIfAborted();
        this.#emit({ type: 'failed', by, error });
        errors.push(error);
      }
    }
    throw new NoSubstituteError(name, cause, errors);
  }
  // #endregion get

  // #region ask
  /** Within its own limit and its own slots. A slot stays taken until the work really ends. */
  async #ask(
    substitute: Substitute<Request, Value>, request: Request, signal: AbortSignal,
  ): Promise<Value> {
    const { name, limitMs, slots = Infinity, answer } = substitute;
    const { clock } = this.#options;
    const running = this.#running.get(substitute) ?? 0;
    if (running >= slots) throw new SubstituteBusyError(name, slots);
    this.#running.set(substitute, running + 1);
    const limit = new AbortController();
    const either = AbortSignal.any([signal, limit.signal]);
    const timer = clock.setTimeout(() => limit.abort(new SubstituteTimeoutError(name, limitMs)), limitMs);
    const given = Promise.withResolvers<never>();
    const leave = (): void => given.reject(either.reason);
    either.addEventListener('abort', leave, { once: true });
    const work = (async () => answer(request, either))().finally(() => {
      this.#running.set(substitute, this.#running.get(substitute)! - 1);
    });
    try {
      return await Promise.race([work, given.promise]);
    } finally {
      clock.clearTimeout(timer);
      either.removeEventListener('abort', leave);
    }
  }
  // #endregion ask

  // #region rehearse
  /** Nobody waits for it, and nobody sees its answer. */
  #rehearse(request: Request): void {
    const { rehearsed, random, substitutes } = this.#options;
    if (random() >= rehearsed) return;
    const first = substitutes[0]!;
    const by = first.name;
    this.#ask(first, request, new AbortController().signal).then(
      () => this.#emit({ type: 'rehearsed', by, ok: true }),
      (error: unknown) => this.#emit({ type: 'rehearsed', by, ok: false, error }),
    );
  }
  // #endregion rehearse

  #emit(occurrence: Occurrence): void {
    const { name, clock, onEvent } = this.#options;
    onEvent?.({ fallback: name, atMs: clock.now(), ...occurrence });
  }
}
