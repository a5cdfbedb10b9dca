import { systemClock } from '../clock.ts';
import type { Clock, Random } from '../clock.ts';
import { LeadershipLostError, StaleEpochError } from './contract.ts';
import type { LeaseStore, Term } from './contract.ts';

export { LeadershipLostError };
export type { LeaseStore, Term };

export type Occurrence =
  | { type: 'elected'; epoch: number }
  /** The store failed or gave no answer. A term goes on as long as its lease surely does. */
  | { type: 'unanswered'; error: unknown }
  /** `refused`: the store says so. `fenced`: a resource does. `expired`: nobody said that it goes on. */
  | { type: 'lost'; epoch: number; why: 'refused' | 'fenced' | 'expired' }
  /** The work has ended. `overMs`: how long after the end of its term; 0 is as it should be. `error`: what it threw after that end. */
  | { type: 'left'; epoch: number; overMs: number; error?: unknown };
export type CandidateEvent = { lease: string; candidate: string; atMs: number } & Occurrence;

export interface CandidateOptions {
  /** Name of the lease, as it should appear in errors and metrics. */
  name: string;
  /** This process; another one after a restart. */
  id: string;
  store: LeaseStore;
  /** How long a term lasts without a renewal: nobody leads for at most about that long when a leader dies. */
  leaseMs: number;
  /** At most a third of `leaseMs` without `marginMs`, so that two renewals may fail; each is given up when the next is due. A quarter of `leaseMs` when left out. */
  renewEveryMs?: number;
  /** Stops that much before the lease ends by the own clock; for clocks of different speed. A fifth of `leaseMs` when left out. */
  marginMs?: number;
  /** How often a candidate asks for the lease, more or less: chance spreads it by a quarter. */
  retryEveryMs?: number;
  clock?: Clock;
  random?: Random;
  /** Must not throw. */
  onEvent?: (event: CandidateEvent) => void;
}

/**
 * One of several instances that want to do a job that one should do at a time. The lease makes it likely that there is one
 * leader; only a resource that checks the epoch makes it certain that one of them has an effect.
 * Semantics: etcd, "Notes on the usage of lock and lease".
 */
export class Candidate {
  readonly #options: Required<Omit<CandidateOptions, 'onEvent'>> & Pick<CandidateOptions, 'onEvent'>;

  constructor(options: CandidateOptions) {
    const { leaseMs } = options;
    this.#options = { renewEveryMs: leaseMs / 4, marginMs: leaseMs / 5, retryEveryMs: leaseMs / 4, clock: systemClock, random: Math.random, ...options };
    const { renewEveryMs, marginMs, retryEveryMs } = this.#options;
    for (const [name, value] of Object.entries({ leaseMs, renewEveryMs, marginMs, retryEveryMs })) {
      if (!(value > 0 && value < Infinity)) throw new RangeError(`${name} must be a positive number: current value is ${value}`);
    }
    if (renewEveryMs > (leaseMs - marginMs) / 3) throw new RangeError(`renewEveryMs must be at most a third of leaseMs without marginMs: current value is ${renewEveryMs}`);
    if (marginMs > leaseMs / 3) throw new RangeError(`marginMs must be at most a third of leaseMs: current value is ${marginMs}`);
  }

  /**
   * Asks for the lease until `signal` aborts, and does the work in each term that it gets. Resolves when the work has ended.
   * @param work should stop when its signal aborts: the next leader waits for no one
   * @throws what the work throws in a term that is not over, except a StaleEpochError of that term; the lease is given back
   */
  async run(work: (term: Term) => Promise<void>, signal: AbortSignal): Promise<void> {
    const { store, id, leaseMs, retryEveryMs, clock, random } = this.#options;
    while (!signal.aborted) {
      const askedMs = clock.now();
      const epoch = await this.#ask((limit) => store.acquire(id, leaseMs, limit), leaseMs, signal);
      if (epoch !== undefined) await this.#hold(epoch, askedMs, work, signal);
      await clock.sleep(retryEveryMs * (0.75 + random() / 2), signal).catch(() => {});
    }
  }

  // #region hold
  async #hold(epoch: number, askedMs: number, work: (term: Term) => Promise<void>, signal: AbortSignal): Promise<void> {
    const { name, store, leaseMs, renewEveryMs, marginMs, clock } = this.#options;
    const over = new AbortController();
    const held = AbortSignal.any([over.signal, signal]);
    // Counted from before the question: the store began no earlier.
    let untilMs = askedMs + leaseMs - marginMs;
    const lose = (why: 'refused' | 'fenced' | 'expired'): void => {
      if (held.aborted) return;
      this.#emit({ type: 'lost', epoch, why });
      over.abort(new LeadershipLostError(name, epoch));
    };
    const assertHeld = (): void => {
      if (clock.now() >= untilMs) lose('expired');
      held.throwIfAborted();
    };
    const renew = async (): Promise<void> => {
      let nextMs = askedMs + renewEveryMs;
      while (!held.aborted) {
        await clock.sleep(Math.max(0, Math.min(nextMs, untilMs) - clock.now()), held);
        assertHeld();
        const nowMs = clock.now();
        nextMs = nowMs + renewEveryMs;
        const goesOn = await this.#ask((limit) => store.renew(epoch, leaseMs, limit), Math.min(renewEveryMs, untilMs - nowMs), held);
        if (goesOn === false) lose('refused');
        if (goesOn === true) untilMs = nowMs + leaseMs - marginMs;
      }
    };
    this.#emit({ type: 'elected', epoch });
    const renewals = renew().catch(() => {}); // the reason is in `held`
    let late: { error?: unknown } = {};
    try {
      assertHeld(); // the answer may have been slow
      await work({ epoch, signal: held, assertHeld });
    } catch (error) {
      if (error instanceof StaleEpochError && error.epoch === epoch) lose('fenced');
      if (!held.aborted) throw error;
      if (error !== held.reason) late = { error };
    } finally {
      this.#emit({ type: 'left', epoch, overMs: Math.max(0, clock.now() - untilMs), ...late });
      over.abort();
      await renewals;
      // Only now: whoever gives the lease back while its work runs makes two.
      await this.#ask((limit) => store.release(epoch, limit), leaseMs);
    }
  }
  // #endregion hold

  /** Undefined where no answer came within `limitMs`: the store may have done it all the same. */
  async #ask<Answer>(question: (limit: AbortSignal) => Promise<Answer>, limitMs: number, signal?: AbortSignal): Promise<Answer | undefined> {
    const { clock } = this.#options;
    const limit = new AbortController();
    const stop = (): void => limit.abort(signal?.reason);
    signal?.addEventListener('abort', stop, { once: true });
    const timer = clock.setTimeout(() => limit.abort(new Error(`no answer within ${Math.round(limitMs)} ms`)), limitMs);
    try {
      return await new Promise<Answer>((resolve, reject) => {
        limit.signal.addEventListener('abort', () => reject(limit.signal.reason), { once: true });
        question(limit.signal).then(resolve, reject);
      });
    } catch (error) {
      if (signal?.aborted !== true) this.#emit({ type: 'unanswered', error });
      return undefined;
    } finally {
      clock.clearTimeout(timer);
      signal?.removeEventListener('abort', stop);
    }
  }

  #emit(occurrence: Occurrence): void {
    const { name, id, clock, onEvent } = this.#options;
    onEvent?.({ lease: name, candidate: id, atMs: clock.now(), ...occurrence });
  }
}
