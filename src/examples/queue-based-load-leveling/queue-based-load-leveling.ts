import { QueueFullError, requireAll } from './contract.ts';
import type { Backlog, QueueStore } from './contract.ts';
import { placesFor } from './sizing.ts';

export { HandlerTimeoutError, MessageRefusedError, QueueFullError } from './contract.ts';
export type { Backlog, QueueStore, Taken } from './contract.ts';

export interface LevellingQueueOptions {
  /** As it should appear in errors and metrics. */
  name: string;
  /** What all workers together do; measured, not hoped for. */
  drainPerSecond: number;
  /** The longest wait that callers were promised. With the rate it says how many may wait. */
  promiseMs: number;
  /** Refused callers are told to come back after this time and up to twice as much. */
  retryAfterMs?: number;
  random?: () => number;
  /** Must not throw. */
  onEvent?: (event: QueueEvent) => void;
}

export type QueueEvent = { queue: string; id: string; type: 'accepted' | 'repeated' | 'refused' };

/**
 * The callers' side of a queue between bursty callers and a service of limited speed.
 * The Queue-Based Load Leveling pattern of the Azure Architecture Center, with a bound that follows from a promise.
 */
export class LevellingQueue<Body> {
  readonly #store: QueueStore<Body>;
  readonly #options: Required<Omit<LevellingQueueOptions, 'onEvent'>> & Pick<LevellingQueueOptions, 'onEvent'>;
  readonly #places: number;

  constructor(store: QueueStore<Body>, options: LevellingQueueOptions) {
    this.#store = store;
    this.#options = { retryAfterMs: 5_000, random: Math.random, ...options };
    const { promiseMs, drainPerSecond, retryAfterMs } = this.#options;
    requireAll({ retryAfterMs }, (value) => value >= 0 && value < Infinity, 'a number of at least 0');
    this.#places = placesFor({ promiseMs, drainPerSecond });
    requireAll({ 'promiseMs / 1,000 × drainPerSecond': this.#places }, (value) => value >= 1, 'room for one message at least');
  }

  get places(): number {
    return this.#places;
  }

  // #region accept
  /**
   * Resolves when the message is stored: only then may you tell the caller "accepted".
   * The id is the caller's, so that a caller who got no answer may ask again: what waits is not
   * stored twice, and what is done already is recognised by the handler, which gets the id.
   * @throws QueueFullError, or what the store throws: then nobody knows, and a repeat tells
   */
  async accept(id: string, body: Body): Promise<void> {
    const { name, retryAfterMs, random, onEvent } = this.#options;
    const outcome = await this.#store.put(id, body, this.#places);
    const type = ({ stored: 'accepted', known: 'repeated', full: 'refused' } as const)[outcome];
    onEvent?.({ queue: name, id, type });
    if (outcome === 'full') {
      throw new QueueFullError(name, this.#places, retryAfterMs * (1 + random()));
    }
  }
  // #endregion accept

  // #region signals
  /** `oldestMs` is what the oldest has waited, `newestMs` what the next will wait: it rises first. */
  async signals(): Promise<Backlog & { newestMs: number }> {
    const backlog = await this.#store.backlog();
    return { ...backlog, newestMs: backlog.waiting / this.#options.drainPerSecond * 1_000 };
  }
  // #endregion signals
}
