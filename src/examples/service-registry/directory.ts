import { systemClock } from '../clock.ts';
import type { Clock, Random } from '../clock.ts';
import { NothingKnownError, RegistryStartingError, RegistryTimeoutError, requireDelay } from './contract.ts';
import type { Instance, Listing, RegistryPort } from './contract.ts';
import { within } from './within.ts';

export interface DirectoryOptions {
  registry: Pick<RegistryPort, 'watch'>;
  service: string;
  /** A list from before the start, for example from a file: it serves until the registry answers. */
  initial?: readonly Instance[];
  /** Longest pause between an answer and the next question: callers who learn of a change together do not ask again together. */
  pauseMs?: number;
  /** Longest pause after a first failure; doubled with each further one up to `maxRetryMs`. */
  retryMs?: number;
  maxRetryMs?: number;
  /** More than the registry's `maxWaitMs`. */
  timeoutMs?: number;
  /** Whether an empty list replaces one that is not. It is more often a fault of the registry than the truth. */
  believeEmpty?: boolean;
  clock?: Clock;
  random?: Random;
  /** Must not throw. */
  onEvent?: (event: DirectoryEvent) => void;
}

export type DirectoryEvent = { service: string; atMs: number } & ({ type: 'updated'; instances: number } | { type: 'empty ignored'; instances: number } | { type: 'failed'; error: unknown });

/** `ageMs`: since the registry last confirmed it; Infinity for a list from before the start. */
export interface Known { instances: readonly Instance[]; ageMs: number }

/** The caller's side: the last list that the registry told, kept for as long as there is none better. Choosing an instance is not its part. */
export class Directory {
  readonly #options: Required<Omit<DirectoryOptions, 'initial' | 'onEvent'>> & Pick<DirectoryOptions, 'onEvent'>;
  #known: { instances: readonly Instance[]; atMs: number } | undefined;
  #version: string | undefined;

  constructor({ initial, ...options }: DirectoryOptions) {
    this.#options = { pauseMs: 2_000, retryMs: 1_000, maxRetryMs: 30_000, timeoutMs: 90_000, believeEmpty: false, clock: systemClock, random: Math.random, ...options };
    for (const name of ['pauseMs', 'retryMs', 'maxRetryMs', 'timeoutMs'] as const) requireDelay(name, this.#options[name]);
    if (initial !== undefined) this.#known = { instances: [...initial], atMs: -Infinity };
  }

  /**
   * From memory, at once: no call waits for the registry, and none fails because of it.
   * @throws NothingKnownError
   */
  get(): Known {
    if (this.#known === undefined) throw new NothingKnownError(`no list of '${this.#options.service}' has ever arrived`);
    return { instances: this.#known.instances, ageMs: this.#options.clock.now() - this.#known.atMs };
  }

  // #region follow
  /** Keeps the list up to date until `signal` aborts; resolves then. */
  async follow(signal: AbortSignal): Promise<void> {
    const { registry, service, pauseMs, retryMs, maxRetryMs, timeoutMs, clock, random } = this.#options;
    const tooLate = (): Error => new RegistryTimeoutError(`the registry did not answer about '${service}' within ${timeoutMs} ms`);
    for (let failures = 0; !signal.aborted;) {
      let waitMs: number;
      try {
        const ask = (limit: AbortSignal): Promise<Listing> => registry.watch(service, this.#version, limit);
        this.#accept(await within(clock, timeoutMs, ask, tooLate, signal));
        failures = 0;
        waitMs = random() * pauseMs;
      } catch (error) {
        if (signal.aborted) return;
        // All callers were sent away at once and told one moment: the draw comes on top of it.
        const startsMs = error instanceof RegistryStartingError ? error.retryAfterMs : 0;
        waitMs = startsMs + random() * Math.min(retryMs * 2 ** failures, maxRetryMs);
        failures += 1;
        this.#emit({ type: 'failed', error });
      }
      await clock.sleep(waitMs, signal).catch(() => {});
    }
  }

  #accept({ version, instances }: Listing): void {
    const { believeEmpty, clock } = this.#options;
    this.#version = version;
    const kept = this.#known?.instances.length ?? 0;
    if (instances.length === 0 && kept > 0 && !believeEmpty) return this.#emit({ type: 'empty ignored', instances: kept });
    this.#known = { instances, atMs: clock.now() };
    this.#emit({ type: 'updated', instances: instances.length });
  }
  // #endregion follow

  #emit(event: { type: 'updated' | 'empty ignored'; instances: number } | { type: 'failed'; error: unknown }): void {
    const { service, clock, onEvent } = this.#options;
    onEvent?.({ service, atMs: clock.now(), ...event });
  }
}
