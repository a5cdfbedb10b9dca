import { systemClock } from '../clock.ts';
import type { Clock, Random } from '../clock.ts';
import { LookupTimeoutError, requireDelay } from './contract.ts';
import type { Instance } from './contract.ts';

export interface ListRefreshOptions {
  /** Asks whoever keeps the list; it must reject when its signal aborts, as `fetch` does. */
  lookup: (signal: AbortSignal) => Promise<readonly Instance[]>;
  /** Takes the answer. */
  accept: (instances: readonly Instance[]) => void;
  /** Longest pause between two questions; each is drawn from the upper half, so that callers do not ask in step. */
  refreshMs?: number;
  /** Shortest pause, also when calls fail and `soon` is called again and again; pauses after failed questions begin here and double. */
  leastMs?: number;
  timeoutMs?: number;
  clock?: Clock;
  random?: Random;
  /** Must not throw. The list stays as it was. */
  onFailed?: (error: unknown) => void;
}

/** Keeps a caller's list current by asking, for where nobody tells of changes. */
export class ListRefresh {
  readonly #options: Required<ListRefreshOptions>;
  #askedMs = -Infinity;
  #dueMs = -Infinity;
  #sooner: AbortController | undefined;

  constructor(options: ListRefreshOptions) {
    this.#options = { refreshMs: 30_000, leastMs: 1_000, timeoutMs: 5_000, clock: systemClock, random: Math.random, onFailed: () => {}, ...options };
    for (const name of ['refreshMs', 'leastMs', 'timeoutMs'] as const) requireDelay(name, this.#options[name]);
  }

  // #region refresh
  /** A connection was refused, so the list is old: asks before its time. All callers notice at once, hence the draw. */
  soon(): void {
    const { leastMs, clock, random } = this.#options;
    const earliestMs = Math.max(clock.now(), this.#askedMs + leastMs);
    // Soon enough already: of many draws the least would be taken, and everybody would ask at the first moment after all.
    if (this.#dueMs <= earliestMs + leastMs) return;
    this.#dueMs = earliestMs + random() * leastMs;
    this.#sooner?.abort();
  }

  /** Asks again and again until `signal` aborts; resolves then. */
  async run(signal: AbortSignal): Promise<void> {
    const { accept, refreshMs, leastMs, clock, random, onFailed } = this.#options;
    for (let failures = 0; !signal.aborted;) {
      this.#askedMs = clock.now();
      let longestMs = refreshMs;
      try {
        accept(await this.#ask(signal));
        failures = 0;
      } catch (error) {
        if (signal.aborted) return;
        longestMs = Math.min(leastMs * 2 ** failures, refreshMs);
        failures += 1;
        onFailed(error);
      }
      this.#dueMs = clock.now() + longestMs * (0.5 + random() / 2);
      await this.#untilDue(signal);
    }
  }
  // #endregion refresh

  async #ask(signal: AbortSignal): Promise<readonly Instance[]> {
    const { lookup, timeoutMs, clock } = this.#options;
    const limit = new AbortController();
    const leave = (): void => limit.abort(signal.reason);
    const timer = clock.setTimeout(() => limit.abort(new LookupTimeoutError(`no list within ${timeoutMs} ms`)), timeoutMs);
    signal.addEventListener('abort', leave, { once: true });
    try {
      return await lookup(limit.signal);
    } finally {
      clock.clearTimeout(timer);
      signal.removeEventListener('abort', leave);
    }
  }

  async #untilDue(signal: AbortSignal): Promise<void> {
    const { clock } = this.#options;
    while (!signal.aborted && clock.now() < this.#dueMs) {
      const sooner = (this.#sooner = new AbortController());
      const leave = (): void => sooner.abort();
      signal.addEventListener('abort', leave, { once: true });
      await clock.sleep(this.#dueMs - clock.now(), sooner.signal).catch(() => {});
      signal.removeEventListener('abort', leave);
    }
  }
}
