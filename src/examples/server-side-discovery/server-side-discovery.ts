import { systemClock } from '../clock.ts';
import { NoEndpointError, requireCount, requireDelay } from './contract.ts';
import type { Connection, Endpoint, RouterOccurrence, RouterOptions } from './contract.ts';

/** How far the age of a connection is drawn to either side, so that those that were opened together do not end together. */
const spread = 0.1;

interface Entry {
  readonly endpoint: Endpoint;
  isListed: boolean;
  health: 'unknown' | 'well' | 'ill';
  /** Checks in a row that contradict `health`. */
  against: number;
  /** Calls and connections through this router that have not ended. */
  open: number;
  /** When calls and connections of late have failed. */
  failedAtMs: number[];
}

/**
 * Stands in front of a service under one name: callers know nothing of endpoints. Two sources say who may be called, the list of
 * the platform and checks; how they go together, and the panic, are as in Envoy's service discovery and panic threshold, but
 * endpoints that have not been checked yet do not count towards it. That errors count as open calls is from Site Reliability Engineering, chapter 20.
 */
export class Router {
  readonly #options: Required<Omit<RouterOptions, 'onEvent'>> & Pick<RouterOptions, 'onEvent'>;
  readonly #entries = new Map<string, Entry>();
  #panics = false;

  constructor(options: RouterOptions) {
    this.#options = { checks: true, failures: 3, successes: 2, panicShare: 0.5, errorMs: 1_000, maxAgeMs: Infinity, clock: systemClock, random: Math.random, ...options };
    const { failures, successes, panicShare, errorMs, maxAgeMs } = this.#options;
    requireCount('failures', failures);
    requireCount('successes', successes);
    requireDelay('errorMs', errorMs, 0);
    if (!(panicShare >= 0 && panicShare <= 1)) throw new RangeError(`panicShare must be between 0 and 1: current value is ${panicShare}`);
    if (!(maxAgeMs > 0)) throw new RangeError(`maxAgeMs must be a positive number: current value is ${maxAgeMs}`);
  }

  /** Everybody who should be checked. */
  get endpoints(): readonly Endpoint[] {
    return Array.from(this.#entries.values(), ({ endpoint }) => endpoint);
  }

  // #region table
  /** What the platform lists now. It may be late, cut off, or empty by mistake: who answers its checks is not given up for it. */
  update(endpoints: readonly Endpoint[]): void {
    const listed = new Map(endpoints.map((endpoint) => [keyOf(endpoint), endpoint]));
    for (const [key, entry] of this.#entries) {
      const wasListed = entry.isListed;
      entry.isListed = listed.has(key);
      if (entry.isListed) continue;
      if (!this.#options.checks || entry.health !== 'well') this.#remove(key, entry);
      else if (wasListed) this.#emit({ type: 'kept', id: entry.endpoint.id });
    }
    for (const [key, endpoint] of listed) {
      if (this.#entries.has(key)) continue;
      this.#entries.set(key, { endpoint, isListed: true, health: 'unknown', against: 0, open: 0, failedAtMs: [] });
      this.#emit({ type: 'added', id: endpoint.id });
    }
  }

  /** What a check found. */
  checked(endpoint: Endpoint, isWell: boolean): void {
    const key = keyOf(endpoint);
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    const health = isWell ? 'well' : 'ill';
    if (entry.health === health) {
      entry.against = 0;
      return;
    }
    entry.against += 1;
    const needed = entry.health === 'unknown' ? 1 : isWell ? this.#options.successes : this.#options.failures;
    if (entry.against < needed) return;
    entry.health = health;
    entry.against = 0;
    this.#emit({ type: health, id: endpoint.id });
    if (!isWell && !entry.isListed) this.#remove(key, entry);
  }
  // #endregion table

  // #region route
  /**
   * One call, to whoever has the fewest open ones here.
   * @throws NoEndpointError, the reason of `signal`, or what the call throws
   */
  async route<Result>(call: (endpoint: Endpoint, signal?: AbortSignal) => Promise<Result>, signal?: AbortSignal): Promise<Result> {
    signal?.throwIfAborted();
    const entry = this.#pick();
    entry.open += 1;
    try {
      return await call(entry.endpoint, signal);
    } catch (error) {
      if (signal?.aborted !== true) entry.failedAtMs.push(this.#options.clock.now());
      throw error;
    } finally {
      entry.open -= 1;
    }
  }

  /**
   * One connection. Whatever goes through it later is not balanced again, so it should not live for ever.
   * @throws NoEndpointError
   */
  connect(): Connection {
    const { maxAgeMs, clock, random } = this.#options;
    const entry = this.#pick();
    const dueMs = clock.now() + maxAgeMs * (1 - spread + 2 * spread * random());
    let isOpen = true;
    entry.open += 1;
    const isUsable = (): boolean => this.#usable().includes(entry);
    return {
      endpoint: entry.endpoint,
      get isDue() { return clock.now() >= dueMs || !isUsable(); },
      close: (hasFailed = false) => {
        if (!isOpen) return;
        isOpen = false;
        entry.open -= 1;
        if (hasFailed) entry.failedAtMs.push(clock.now());
      },
    };
  }
  // #endregion route

  #pick(): Entry {
    const { name, errorMs, clock, random } = this.#options;
    const usable = this.#usable();
    if (usable.length === 0) throw new NoEndpointError(name, this.#entries.size);
    const sinceMs = clock.now() - errorMs;
    // Whoever fails at once has nothing open, and would get everything: what has failed of late counts as open.
    const loads = usable.map((entry) => entry.open + (entry.failedAtMs = entry.failedAtMs.filter((atMs) => atMs > sinceMs)).length);
    const least = Math.min(...loads);
    const idlest = usable.filter((_, index) => loads[index] === least);
    return idlest[Math.floor(random() * idlest.length)]!;
  }

  // #region panic
  #usable(): Entry[] {
    const { checks, panicShare } = this.#options;
    const all = [...this.#entries.values()];
    if (!checks) return all;
    const well = all.filter(({ health }) => health === 'well');
    // New ones say nothing about the checks; only right after the start there is nobody else.
    const checked = all.filter(({ health }) => health !== 'unknown').length || all.length;
    // So many are not ill at once: the checks are wrong, or there is nothing to lose.
    const panics = well.length < checked * panicShare;
    if (panics !== this.#panics) this.#emit({ type: 'panic', on: panics, well: well.length, checked });
    this.#panics = panics;
    return panics ? all : well;
  }
  // #endregion panic

  #remove(key: string, { endpoint }: Entry): void {
    this.#entries.delete(key);
    this.#emit({ type: 'removed', id: endpoint.id });
  }

  #emit(occurrence: RouterOccurrence): void {
    const { name, clock, onEvent } = this.#options;
    onEvent?.({ router: name, atMs: clock.now(), ...occurrence });
  }
}

function keyOf({ id, address }: Endpoint): string {
  return JSON.stringify([id, address]);
}
