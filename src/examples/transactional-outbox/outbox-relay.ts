import { systemClock } from '../clock.ts';
import { EventRefusedError, PublishTimeoutError } from './contract.ts';
import type { Database, OutboxEvent, Publish, RelayEvent, RelayOptions, Transaction } from './contract.ts';
import { statements } from './schema.ts';

/** Publishes at least once and in order of each key. Any number may run: one works, the others stand by. */
export class OutboxRelay {
  readonly #database: Database;
  readonly #publish: Publish;
  readonly #options: Required<RelayOptions>;
  #nap = new AbortController();

  constructor(database: Database, publish: Publish, options: RelayOptions = {}) {
    this.#database = database;
    this.#publish = publish;
    this.#options = {
      batchSize: 100, pollMs: 1_000, publishTimeoutMs: 10_000, maxAttempts: 5,
      clock: systemClock, onEvent: () => {}, ...options,
    };
    const { batchSize, maxAttempts, pollMs, publishTimeoutMs } = this.#options;
    requirePositive({ batchSize, maxAttempts }, Number.isInteger, 'a positive integer');
    requirePositive({ pollMs, publishTimeoutMs }, Number.isFinite, 'a positive number');
  }

  // #region run
  /** Works until `signal` aborts. Polling is the trigger; `wake` only shortens the wait. */
  async run(signal: AbortSignal): Promise<void> {
    const { batchSize, pollMs, clock, onEvent } = this.#options;
    while (!signal.aborted) {
      this.#nap = new AbortController();
      const published = await this.pass(signal)
        .catch((error: unknown) => onEvent({ type: 'broken', error }));
      if (published === batchSize) continue;
      await clock.sleep(pollMs, AbortSignal.any([signal, this.#nap.signal])).catch(() => {});
    }
  }

  /** For LISTEN/NOTIFY or a commit hook. A lost call costs `pollMs`, never an event. */
  wake(): void {
    this.#nap.abort();
  }
  // #endregion run

  // #region pass
  /**
   * One batch. The transaction holds the relay's turn and its marks, never the business change,
   * so a rollback here publishes again and loses nothing.
   * @returns the number of events published
   */
  async pass(signal?: AbortSignal): Promise<number> {
    const { maxAttempts, onEvent } = this.#options;
    const happened: RelayEvent[] = [];
    const published = await this.#database.transaction(async (transaction) => {
      const [turn] = await transaction.query<{ mine: boolean }>(statements.takeTurn, []);
      if (!turn!.mine) {
        happened.push({ type: 'standby' });
        return 0;
      }
      const { confirmed, failures } = await this.#publishInOrder(transaction, signal);
      happened.push(...confirmed.map((event) => ({ type: 'published', event }) as const));

      for (const { event, error } of failures) {
        const refused = error instanceof EventRefusedError;
        // Nothing got through: the broker is down, and no event is to blame.
        const counts = refused || confirmed.length > 0;
        const parked = refused || (counts && event.attempts + 1 >= maxAttempts);
        const reason = parked ? String(error) : null;
        if (counts) await transaction.query(statements.markFailed, [event.id, reason]);
        happened.push({ type: parked ? 'parked' : 'failed', event, error });
      }
      return confirmed.length;
    });
    happened.forEach(onEvent);
    return published;
  }
  // #endregion pass

  // #region order
  async #publishInOrder(transaction: Transaction, signal: AbortSignal | undefined) {
    const confirmed: OutboxEvent[] = [];
    // By key: the later events of a key that failed have to wait.
    const failures = new Map<string, { event: OutboxEvent; error: unknown }>();
    let silences = 0;
    // Two keys in a row without an answer: it is the broker, not the event.
    const isOver = () => signal?.aborted || silences === 2;

    for (let skipped = true; skipped && !isOver(); ) {
      skipped = false;
      const marked = confirmed.length;
      const room = this.#options.batchSize - marked;
      const held = [...failures.keys()];
      const batch = await transaction.query<OutboxEvent>(statements.pending, [room, held]);
      for (const event of batch) {
        if (isOver()) break;
        if (failures.has(event.key)) {
          skipped = true;
          continue;
        }
        try {
          await this.#deliver(event);
          confirmed.push(event);
          silences = 0;
        } catch (error) {
          failures.set(event.key, { event, error });
          silences = error instanceof EventRefusedError ? 0 : silences + 1;
        }
      }
      const toMark = confirmed.slice(marked).map((event) => event.id);
      if (toMark.length > 0) await transaction.query(statements.markPublished, [toMark]);
    }
    return { confirmed, failures: [...failures.values()] };
  }
  // #endregion order

  /** Not tied to the relay's own signal: an event in flight at shutdown may still be confirmed and marked. */
  async #deliver(event: OutboxEvent): Promise<void> {
    const { clock, publishTimeoutMs } = this.#options;
    const limit = new AbortController();
    const settled = new AbortController();
    const expiry = clock.sleep(publishTimeoutMs, settled.signal).then(() => {
      throw new PublishTimeoutError(`The broker did not confirm event ${event.id} within ${publishTimeoutMs} ms`);
    });
    expiry.catch(() => {}); // also rejects when `publish` throws before the race begins
    try {
      await Promise.race([this.#publish(event, limit.signal), expiry]);
    } catch (error) {
      limit.abort(error);
      throw error;
    } finally {
      settled.abort();
    }
  }
}

function requirePositive(options: Record<string, number>, isAllowed: (value: number) => boolean, rule: string): void {
  for (const [name, value] of Object.entries(options)) {
    if (isAllowed(value) && value > 0) continue;
    throw new RangeError(`Cannot relay events as '${name}' must be ${rule}: current value is ${value}`);
  }
}
