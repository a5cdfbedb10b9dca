import { systemClock } from '../clock.ts';
import { twoChoices } from './choices.ts';
import { NoInstanceError, requireCount, requireDelay } from './contract.ts';
import type { BalancerOccurrence, BalancerOptions, Candidate, Choice, Instance, RunOptions } from './contract.ts';

/** Least part of its calls that a new instance gets: with none it would never warm up. */
const leastPart = 0.1;

class Entry implements Candidate {
  readonly instance: Instance;
  sinceMs: number;
  open = 0;
  /** When its calls of late have failed. */
  failedAtMs: number[] = [];
  inARow = 0;
  asideUntilMs = -Infinity;
  asides = 0;

  constructor(instance: Instance, sinceMs: number) {
    this.instance = instance;
    this.sinceMs = sinceMs;
  }

  get load(): number {
    return this.open + this.failedAtMs.length;
  }
}

/**
 * The caller holds the list and chooses: by its own open calls, with errors remembered, over whoever is not set aside.
 * The trap of failing fast as in chapter 20 of Site Reliability Engineering; setting aside, its share and its growing time as in Envoy's outlier detection.
 */
export class ClientBalancer {
  readonly #options: Required<Omit<BalancerOptions, 'choice' | 'onEvent'>> & Pick<BalancerOptions, 'onEvent'>;
  readonly #choice: Choice;
  #entries: Entry[] = [];

  constructor({ choice, ...options }: BalancerOptions) {
    this.#options = { errorMs: 1_000, failures: 3, asideMs: 5_000, maxAsideMs: 60_000, mostAside: 0.5, slowStartMs: 5_000, judge: () => 'failed', clock: systemClock, random: Math.random, ...options };
    const { errorMs, failures, asideMs, maxAsideMs, mostAside, slowStartMs, random } = this.#options;
    requireDelay('errorMs', errorMs, 0);
    requireCount('failures', failures);
    requireDelay('asideMs', asideMs);
    requireDelay('maxAsideMs', maxAsideMs, asideMs);
    requireDelay('slowStartMs', slowStartMs);
    if (!(mostAside >= 0 && mostAside <= 1)) throw new RangeError(`mostAside must be between 0 and 1: current value is ${mostAside}`);
    this.#choice = choice ?? twoChoices(random);
  }

  /** The list as it is used now. */
  get instances(): readonly Instance[] {
    return this.#entries.map(({ instance }) => instance);
  }

  // #region update
  /** Takes a new list. Whoever stays keeps what is known of it; calls to whoever leaves go on to their end. */
  update(instances: readonly Instance[]): void {
    const { clock, slowStartMs } = this.#options;
    const size = this.#entries.length;
    // More often a fault of whoever keeps the list than the truth, and nothing can be called by it.
    if (instances.length === 0) return this.#emit({ type: 'empty ignored', size });
    const known = new Map(this.#entries.map((entry) => [keyOf(entry.instance), entry]));
    const listed = new Map(instances.map((instance) => [keyOf(instance), instance]));
    // Those of the first list may have run for days; those that join later have just begun.
    const sinceMs = size === 0 ? clock.now() - slowStartMs : clock.now();
    this.#entries = Array.from(listed, ([key, instance]) => known.get(key) ?? new Entry(instance, sinceMs));
    const joined = this.#entries.filter((entry) => !known.has(keyOf(entry.instance))).length;
    const left = size + joined - this.#entries.length;
    if (joined + left > 0) this.#emit({ type: 'list', joined, left, size: this.#entries.length });
  }
  // #endregion update

  // #region run
  /** @throws NoInstanceError, the reason of `signal`, or what the last call threw */
  async run<Result>(call: (instance: Instance, signal?: AbortSignal) => Promise<Result>, { signal, attempts = 2, mayRepeat = () => false }: RunOptions = {}): Promise<Result> {
    signal?.throwIfAborted();
    requireCount('attempts', attempts);
    const tried: Entry[] = [];
    let entry = this.#pick(tried);
    if (entry === undefined) throw new NoInstanceError(this.#options.name);
    for (;;) {
      tried.push(entry);
      try {
        return await this.#call(entry, call, signal);
      } catch (error) {
        // Never the same one again: it has just failed.
        const next: Entry | undefined = tried.length < attempts && signal?.aborted !== true && mayRepeat(error) ? this.#pick(tried) : undefined;
        if (next === undefined) throw error;
        this.#emit({ type: 'repeated', from: entry.instance.id, to: next.instance.id });
        entry = next;
      }
    }
  }
  // #endregion run

  async #call<Result>(entry: Entry, call: (instance: Instance, signal?: AbortSignal) => Promise<Result>, signal?: AbortSignal): Promise<Result> {
    const { clock, judge } = this.#options;
    const startMs = clock.now();
    entry.open += 1;
    try {
      const result = await call(entry.instance, signal);
      this.#worked(entry, startMs);
      return result;
    } catch (error) {
      // Whoever goes away says nothing about the instance.
      const verdict = signal?.aborted === true ? 'ignored' : judge(error);
      if (verdict === 'failed') this.#failed(entry, startMs);
      if (verdict === 'answered') this.#worked(entry, startMs);
      throw error;
    } finally {
      entry.open -= 1;
    }
  }

  // #region pick
  #pick(tried: readonly Entry[]): Entry | undefined {
    const { clock, errorMs, slowStartMs, random } = this.#options;
    const nowMs = clock.now();
    const others = this.#entries.filter((entry) => !tried.includes(entry));
    if (others.length === 0) return undefined;
    for (const entry of others) entry.failedAtMs = entry.failedAtMs.filter((atMs) => atMs > nowMs - errorMs);
    const well = others.filter(({ asideUntilMs }) => asideUntilMs <= nowMs);
    // If nobody else is left, one that failed of late is better than none.
    const usable = well.length > 0 ? well : others;
    const warm = usable.filter(({ sinceMs }) => {
      const part = Math.max(leastPart, (nowMs - sinceMs) / slowStartMs);
      return part >= 1 || random() < part;
    });
    const candidates = warm.length > 0 ? warm : usable;
    return candidates[this.#choice(candidates)];
  }
  // #endregion pick

  #worked(entry: Entry, startMs: number): void {
    if (startMs >= entry.asideUntilMs) entry.inARow = 0;
  }

  // #region failed
  #failed(entry: Entry, startMs: number): void {
    const { clock, failures, asideMs, maxAsideMs, mostAside } = this.#options;
    const nowMs = clock.now();
    entry.failedAtMs.push(nowMs);
    // Began before it was set aside: that has been counted.
    if (startMs < entry.asideUntilMs) return;
    entry.inARow += 1;
    if (entry.inARow < failures) return;
    const { id } = entry.instance;
    const aside = this.#entries.filter(({ asideUntilMs }) => asideUntilMs > nowMs).length;
    if (aside + 1 > mostAside * this.#entries.length) return this.#emit({ type: 'aside refused', id });
    entry.asides = nowMs - entry.asideUntilMs > maxAsideMs ? 1 : entry.asides + 1;
    const forMs = Math.min(asideMs * entry.asides, maxAsideMs);
    entry.asideUntilMs = nowMs + forMs;
    // It comes back slowly; until a call works, its next failure sets it aside again.
    entry.sinceMs = entry.asideUntilMs;
    this.#emit({ type: 'aside', id, forMs });
  }
  // #endregion failed

  #emit(occurrence: BalancerOccurrence): void {
    const { name, clock, onEvent } = this.#options;
    onEvent?.({ balancer: name, atMs: clock.now(), ...occurrence });
  }
}

function keyOf({ id, address }: Instance): string {
  return JSON.stringify([id, address]);
}
