import { systemClock } from '../clock.ts';
import type { Clock, Random } from '../clock.ts';
import type { CacheAsideEvent, Cause, Occurrence, SharedCache } from './contract.ts';

export type { CacheAsideEvent, SharedCache } from './contract.ts';

export interface CacheAsideOptions<Value> {
  /** As it should appear in metrics. */
  name: string;
  cache: SharedCache<Value>;
  /** Asks the owner of the data; `undefined` where there is no such thing. Must begin its read anew, not in an old snapshot. */
  load: (key: string, signal: AbortSignal) => Promise<Value | undefined>;
  /** The greatest age that was agreed: what bounds the harm of each deletion that is missed. */
  ttlMs: number;
  /** The same for "there is no such thing". */
  absentMs?: number;
  /** The part of a lifetime that chance may take off, so that what was loaded together does not end together. */
  jitter?: number;
  /** Longer than a load takes; then the next caller may try. */
  leaseMs?: number;
  /** The longest wait for another caller's load; longer than `leaseMs`, or all who wait will ask the owner at once. */
  patienceMs?: number;
  /** Mean time between two looks of one who waits. */
  pauseMs?: number;
  /** Longer than what `load` reads can be behind; what is kept in this time after a change ends with it. 0: it reads what was committed last. */
  holdMs?: number;
  clock?: Clock;
  random?: Random;
  /** Must not throw. */
  onEvent?: (event: CacheAsideEvent) => void;
}

/**
 * Looks into a shared cache, asks the owner of the data on a miss, and drops the entry after a change. With leases (Nishtala
 * et al. 2013, 3.2.1): one caller loads, and what was read before a change is not stored after it.
 */
export class CacheAside<Value> {
  readonly #options: Required<Omit<CacheAsideOptions<Value>, 'onEvent'>> & Pick<CacheAsideOptions<Value>, 'onEvent'>;

  constructor(options: CacheAsideOptions<Value>) {
    const defaults = { absentMs: options.ttlMs / 10, jitter: 0.2, leaseMs: 2_000, patienceMs: 3_000, pauseMs: 20, holdMs: 0 };
    this.#options = { ...defaults, clock: systemClock, random: Math.random, ...options };
    for (const name of ['ttlMs', 'absentMs', 'leaseMs', 'patienceMs', 'pauseMs'] as const) this.#require(name, 1, Number.MAX_SAFE_INTEGER);
    this.#require('holdMs', 0, Number.MAX_SAFE_INTEGER);
    this.#require('jitter', 0, 1);
  }

  // #region get
  /** @throws whatever `load` throws, or the reason of `signal`; never because of the cache */
  async get(key: string, signal = new AbortController().signal): Promise<Value | undefined> {
    const { cache, clock, random, leaseMs, patienceMs, pauseMs } = this.#options;
    const giveUpMs = clock.now() + patienceMs;
    for (;;) {
      signal.throwIfAborted();
      const found = await this.#attempt(key, 'look', () => cache.look(key, leaseMs));
      if (found?.state === 'hit') {
        this.#emit(key, { type: 'hit' });
        return found.value;
      }
      if (found?.state === 'leased') return this.#fill(key, found.lease, signal);
      if (found === undefined) return this.#load(key, 'uncached', signal);
      if (clock.now() >= giveUpMs) return this.#load(key, 'impatient', signal);
      await clock.sleep(pauseMs * (0.5 + random()), signal);
    }
  }
  // #endregion get

  // #region fill
  /** The lease is older than the read. A change in between takes it away, and the cache refuses what was read. */
  async #fill(key: string, lease: number, signal: AbortSignal): Promise<Value | undefined> {
    const { cache, ttlMs, absentMs, jitter, random } = this.#options;
    let value: Value | undefined;
    try {
      value = await this.#load(key, 'leased', signal);
    } catch (error) {
      // Those who wait need not wait for the end of the lease.
      await this.#attempt(key, 'release', () => cache.release(key, lease));
      throw error;
    }
    // Only ever shorter: `ttlMs` is a promise to the reader.
    const lifetimeMs = (value === undefined ? absentMs : ttlMs) * (1 - jitter * random());
    const kept = await this.#attempt(key, 'keep', () => cache.keep(key, lease, value, lifetimeMs));
    if (kept !== undefined) this.#emit(key, kept ? { type: 'kept', ttlMs: lifetimeMs } : { type: 'not kept' });
    return value;
  }
  // #endregion fill

  // #region write
  /**
   * @param change resolves when it has committed
   * @throws whatever `change` throws; never because of the cache
   */
  async write<Result>(key: string, change: () => Promise<Result>): Promise<Result> {
    try {
      return await change();
    } finally {
      // Also after an error: the answer may be lost, and the change made.
      await this.forget(key);
    }
  }

  /** After a change that others have made and announced. Deletes: a value could overtake a newer one on its way. */
  async forget(key: string): Promise<void> {
    const { cache, holdMs } = this.#options;
    const done = await this.#attempt(key, 'forget', async () => {
      await cache.forget(key, holdMs);
      return true;
    });
    if (done) this.#emit(key, { type: 'forgotten' });
  }
  // #endregion write

  async #load(key: string, as: Cause, signal: AbortSignal): Promise<Value | undefined> {
    const { clock, load } = this.#options;
    const startMs = clock.now();
    let type: 'loaded' | 'load failed' = 'load failed';
    try {
      const value = await load(key, signal);
      type = 'loaded';
      return value;
    } finally {
      this.#emit(key, { type, as, durationMs: clock.now() - startMs });
    }
  }

  /** Nobody fails for want of the cache. */
  async #attempt<Result>(key: string, during: 'look' | 'keep' | 'release' | 'forget', call: () => Promise<Result>): Promise<Result | undefined> {
    try {
      return await call();
    } catch (error) {
      this.#emit(key, { type: 'cache failed', during, error });
      return undefined;
    }
  }

  #emit(key: string, occurrence: Occurrence): void {
    const { name, clock, onEvent } = this.#options;
    onEvent?.({ cache: name, key, atMs: clock.now(), ...occurrence });
  }

  #require(name: 'ttlMs' | 'absentMs' | 'jitter' | 'leaseMs' | 'patienceMs' | 'pauseMs' | 'holdMs', least: number, most: number): void {
    const value = this.#options[name];
    if (!(value >= least && value <= most)) throw new RangeError(`${name} must be between ${least} and ${most}: current value is ${value}`);
  }
}
