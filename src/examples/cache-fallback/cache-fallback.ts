import { systemClock } from '../clock.ts';
import { SourceTimeoutError } from './contract.ts';
import type { Answer, CacheFallbackEvent, CacheFallbackOptions, Occurrence, SavedCopy, Verdict } from './contract.ts';
import { Copies } from './copies.ts';
import { within } from './within.ts';

export { SourceTimeoutError };
export type { Answer, CacheFallbackEvent, CacheFallbackOptions, SavedCopy, Verdict };

/** `atMs`: when the source was asked, so the age is never understated. */
interface Copy<Value> { value: Value; atMs: number; recheckMs: number }
type Outcome<Value> = { copy: Copy<Value | undefined> } | { verdict: Verdict; error: unknown };
interface Load<Value> { limit: AbortController; outcome: Promise<Outcome<Value>> }

/** Timers hold their delay in 31 bits; a longer one fires at once. */
const longestMs = 2 ** 31 - 1;

/**
 * Keeps the last good answer of a source and lets it stand in, marked and for a bounded time, while the source is unavailable.
 * Staleness as in RFC 5861, the timers of waiting and of asking again as in RFC 8767. Put breaker and bulkhead into `load`.
 */
export class CacheFallback<Key, Value> {
  readonly #options: Required<Omit<CacheFallbackOptions<Key, Value>, 'onEvent'>> & Pick<CacheFallbackOptions<Key, Value>, 'onEvent'>;
  readonly #found: Copies<Key, Copy<Value>>;
  /** Apart, so that questions for things that do not exist cannot push out copies of things that do. */
  readonly #absent: Copies<Key, Copy<undefined>>;
  readonly #loads = new Map<Key, Load<Value>>();

  constructor(options: CacheFallbackOptions<Key, Value>) {
    this.#options = { maxEntries: 10_000, patienceMs: 1_000, loadTimeoutMs: 10_000, recheckMs: 5_000, clock: systemClock, ...options };
    const { maxEntries } = this.#options;
    if (!Number.isSafeInteger(maxEntries) || maxEntries < 1) throw new RangeError(`maxEntries must be a positive integer: current value is ${maxEntries}`);
    for (const name of ['freshMs', 'staleMs', 'recheckMs'] as const) requireDuration(name, this.#options[name], 0);
    for (const name of ['patienceMs', 'loadTimeoutMs'] as const) requireDuration(name, this.#options[name], 1);
    this.#found = new Copies(maxEntries);
    this.#absent = new Copies(maxEntries);
  }

  // #region get
  /**
   * The answer of the source or of a copy; the answer says which, and how old it is.
   * @throws the reason of `signal`, SourceTimeoutError, or whatever `load` throws
   */
  async get(key: Key, signal = new AbortController().signal): Promise<Answer<Value>> {
    signal.throwIfAborted();
    const { clock, freshMs, patienceMs, name } = this.#options;
    const copy = this.#usable(key);
    if (copy !== undefined) {
      if (this.#age(copy) < freshMs) return this.#answer(copy, 'fresh copy');
      if (clock.now() < copy.recheckMs) return this.#answer(copy, 'stale copy');
    }
    const waitMs = copy === undefined ? Infinity : patienceMs;
    const tooLate = (): Outcome<Value> => {
      return { verdict: 'unavailable', error: new SourceTimeoutError(name, patienceMs) };
    };
    const outcome = await within(clock, waitMs, this.#join(key), tooLate, signal);
    if ('copy' in outcome) return this.#answer(outcome.copy, 'source');
    // Looked up again: in the meantime it may have been forgotten, or grown too old.
    const standIn = outcome.verdict === 'unavailable' ? this.#usable(key) : undefined;
    if (standIn !== undefined) return this.#answer(standIn, 'stale copy');
    this.#emit({ type: 'failed', verdict: outcome.verdict });
    throw outcome.error;
  }
  // #endregion get

  // #region load
  /** One question for each key at a time. It belongs to no caller: none can end it. */
  #join(key: Key): Promise<Outcome<Value>> {
    const underWay = this.#loads.get(key);
    if (underWay !== undefined) return underWay.outcome;
    const limit = new AbortController();
    const outcome = this.#load(key, limit);
    this.#loads.set(key, { limit, outcome });
    return outcome;
  }

  /** Never rejects: nobody may be left to listen. */
  async #load(key: Key, limit: AbortController): Promise<Outcome<Value>> {
    const { clock, name, load, loadTimeoutMs } = this.#options;
    const startMs = clock.now();
    let outcome: Outcome<Value>;
    try {
      const tooLate = (): never => { throw new SourceTimeoutError(name, loadTimeoutMs); };
      // A function of its own: a throw must not end this one before it is listed.
      const answer = (async () => load(key, limit.signal))();
      const value = await within(clock, loadTimeoutMs, answer, tooLate);
      outcome = { copy: { value, atMs: startMs, recheckMs: 0 } };
    } catch (error) {
      limit.abort(error);
      outcome = this.#judged(error);
    }
    const how = 'copy' in outcome ? 'answered' : outcome.verdict;
    this.#emit({ type: 'load', outcome: how, durationMs: clock.now() - startMs });
    // No longer listed: the key was forgotten, and this answer is from before that.
    if (this.#loads.get(key)?.limit === limit) this.#settle(key, outcome);
    return outcome;
  }

  #settle(key: Key, outcome: Outcome<Value>): void {
    const { clock, recheckMs } = this.#options;
    this.#loads.delete(key);
    if ('copy' in outcome) this.#keep(key, outcome.copy);
    else if (outcome.verdict === 'gone') this.#drop(key);
    else if (outcome.verdict === 'unavailable') {
      const copy = this.#usable(key);
      if (copy !== undefined) copy.recheckMs = clock.now() + recheckMs;
    }
  }
  // #endregion load

  // #region forget
  /** After a deletion: neither copy nor earlier question can bring the value back. */
  forget(key: Key): void {
    this.#drop(key);
    this.#loads.delete(key);
  }
  // #endregion forget

  // #region restart
  /** The copies with their ages, to be put away for a restart during an outage. */
  save(): SavedCopy<Key, Value>[] {
    return Array.from(this.#found.entries(), ([key, copy]) => ({ key, value: copy.value, ageMs: this.#age(copy) }));
  }

  /** Takes over what `save` gave, as far as there is room beside what was asked since. @param sinceMs time that has passed */
  restore(saved: Iterable<SavedCopy<Key, Value>>, sinceMs: number): void {
    const { clock, freshMs, staleMs, maxEntries } = this.#options;
    if (!(sinceMs >= 0)) throw new RangeError(`sinceMs must be at least 0: current value is ${sinceMs}`);
    const isOfUse = ({ key, ageMs }: SavedCopy<Key, Value>): boolean =>
      ageMs >= 0 && ageMs + sinceMs <= freshMs + staleMs && this.#usable(key) === undefined;
    const restored = Array.from(saved).filter(isOfUse);
    const asked = Array.from(this.#found.entries(), ([key]) => key);
    const tooMany = Math.max(0, asked.length + restored.length - maxEntries);
    for (const { key, value, ageMs } of restored.slice(tooMany)) {
      this.#keep(key, { value, atMs: clock.now() - ageMs - sinceMs, recheckMs: 0 });
    }
    // What was asked since has been used last.
    for (const key of asked) this.#found.get(key);
  }
  // #endregion restart

  #usable(key: Key): Copy<Value | undefined> | undefined {
    const copy = this.#found.get(key) ?? this.#absent.get(key);
    if (copy === undefined || this.#age(copy) <= this.#options.freshMs + this.#options.staleMs) return copy;
    this.#drop(key);
    return undefined;
  }

  #keep(key: Key, copy: Copy<Value | undefined>): void {
    this.#drop(key);
    const evicted = isPresent(copy) ? this.#found.set(key, copy) : this.#absent.set(key, { ...copy, value: undefined });
    if (evicted) this.#emit({ type: 'evicted' });
  }

  #drop(key: Key): void {
    this.#found.delete(key);
    this.#absent.delete(key);
  }

  #age(copy: Copy<unknown>): number {
    return this.#options.clock.now() - copy.atMs;
  }

  #answer(copy: Copy<Value | undefined>, from: 'fresh copy' | 'source' | 'stale copy'): Answer<Value> {
    const ageMs = this.#age(copy);
    this.#emit({ type: 'answer', from, ageMs });
    return { value: copy.value, ageMs, degraded: from === 'stale copy' };
  }

  #judged(error: unknown): Outcome<Value> {
    if (error instanceof SourceTimeoutError) return { verdict: 'unavailable', error };
    try {
      return { verdict: this.#options.judge(error), error };
    } catch (broken) {
      return { verdict: 'other', error: broken };
    }
  }

  #emit(occurrence: Occurrence): void {
    const { name, clock, onEvent } = this.#options;
    onEvent?.({ source: name, atMs: clock.now(), ...occurrence });
  }
}

function isPresent<Value>(copy: Copy<Value | undefined>): copy is Copy<Value> {
  return copy.value !== undefined;
}

function requireDuration(name: string, value: number, least: number): void {
  if (!(value >= least && value <= longestMs)) throw new RangeError(`${name} must be between ${least} and ${longestMs}: current value is ${value}`);
}
