import { systemClock } from '../clock.ts';
import type { Change, Database, Feed, Position, Projection, ProjectorEvent, ProjectorOptions } from './contract.ts';
import { statements } from './schema.ts';

/** Keeps one copy of a view. Any number may run for it: one works, the others stand by. */
export class Projector {
  readonly #readSide: Database;
  readonly #feed: Feed;
  readonly #projection: Projection;
  readonly #options: Required<ProjectorOptions>;
  #hasBegun = false;
  /** After a failure only as many as went well before it. */
  #limit: number;
  #nap = new AbortController();

  /** @param readSide holds the view and its checkpoint; the feed may come from another database */
  constructor(readSide: Database, feed: Feed, projection: Projection, options: ProjectorOptions = {}) {
    this.#readSide = readSide;
    this.#feed = feed;
    this.#projection = projection;
    this.#options = { batchSize: 100, pollMs: 100, clock: systemClock, onEvent: () => {}, ...options };
    const { batchSize, pollMs } = this.#options;
    requireThat('batchSize', batchSize, Number.isInteger(batchSize) && batchSize > 0, 'a positive integer');
    // A longer timer would fire at once.
    requireThat('pollMs', pollMs, pollMs > 0 && pollMs < 2 ** 31, 'above 0 and up to 2147483647');
    this.#limit = batchSize;
  }

  // #region run
  /** Works until `signal` aborts. Polling is the trigger; `wake` only shortens the pause. */
  async run(signal: AbortSignal): Promise<void> {
    const { pollMs, clock, onEvent } = this.#options;
    while (!signal.aborted) {
      this.#nap = new AbortController();
      const applied = await this.pass(signal).catch((error: unknown) => {
        onEvent({ type: 'broken', error });
        return 0;
      });
      if (applied > 0) continue;
      await clock.sleep(pollMs, AbortSignal.any([signal, this.#nap.signal])).catch(() => {});
    }
  }

  /** For LISTEN/NOTIFY or a message. A lost call costs `pollMs`, never a change. */
  wake(): void {
    this.#nap.abort();
  }
  // #endregion run

  // #region pass
  /**
   * One batch: changes and checkpoint in one transaction, so that a crash loses both or neither.
   * @returns the number of changes applied
   */
  async pass(signal?: AbortSignal): Promise<number> {
    const { batchSize, onEvent } = this.#options;
    const { name, apply } = this.#projection;
    let failed: { before: number; change: Change; error: unknown } | undefined;
    const outcome = this.#readSide.transaction<ProjectorEvent>(async (transaction) => {
      if (!this.#hasBegun) await transaction.query(statements.begin, [name]);
      const [mine] = await transaction.query<{ position: Position }>(statements.takeTurn, [name]);
      if (mine === undefined) return { type: 'standby' };
      let { position } = mine;
      let count = 0;
      for (const change of await this.#feed(position, this.#limit, transaction)) {
        if (signal?.aborted) break;
        try {
          await apply(transaction, change);
        } catch (error) {
          failed = { before: count, change, error };
          throw error;
        }
        position = change.position;
        count += 1;
      }
      // Also over changes that the view ignores, or a query would wait for them in vain.
      if (count > 0) await transaction.query(statements.moveTo, [name, position]);
      return { type: 'applied', count, position };
    });
    const event = await outcome.catch((error: unknown): ProjectorEvent => {
      if (failed === undefined) throw error;
      // No change is skipped: a view without it would be wrong for ever, and nobody would see it.
      this.#limit = Math.max(1, failed.before);
      return { type: 'failed', change: failed.change, error: failed.error };
    });
    if (event.type !== 'failed') this.#hasBegun = true;
    if (event.type === 'applied') this.#limit = batchSize;
    onEvent(event);
    return event.type === 'applied' ? event.count : 0;
  }
  // #endregion pass
}

function requireThat(name: string, value: unknown, holds: boolean, rule: string): void {
  if (!holds) throw new RangeError(`Cannot keep the view as '${name}' must be ${rule}: current value is ${value}`);
}
