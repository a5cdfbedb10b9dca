import { systemClock } from '../clock.ts';
import { EventRefusedError, PublishTimeoutError } from './contract.ts';
import type { Database, OutboxEvent, Publish, RelayEvent, RelayOptions, Transaction } from './contract.ts';
import { statements } from './schema.ts';

/** Publishes at least once and in order of each key. Any number may run: one works, the others stand by. */
export class OutboxRelay {
  readonly #database: Database;
  readonly #publish: Publish;
  readonly #options: Required<RelayOptions>;
  /** Keys that failed in earlier passes. */
  readonly #postponed = new Set<string>();
  #nap = new AbortController();

  constructor(database: Database, publish: Publish, options: RelayOptions = {}) {
    this.#database = database;
    this.#publish = publish;
    this.#options = {
      batchSize: 100, pollMs: 1_000, publishTimeoutMs: 10_000, maxAttempts: 5,
      clock: systemClock, onEvent: () => {}, ...options,
    };
    const { batchSize, maxAttempts, pollMs, publishTimeoutMs } = this.#options;
    requireAll({ batchSize, maxAttempts }, (count) => Number.isInteger(count) && count > 0, 'a positive integer');
    // A longer timer would fire at once.
    requireAll({ pollMs, publishTimeoutMs }, (ms) => ms > 0 && ms < 2 ** 31, 'above 0 and up to 2147483647');
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
    const room = () => this.#options.batchSize - confirmed.length - failures.size;
    // Two keys in a row without an answer: it is the broker, not the event.
    const isOver = () => signal?.aborted || silences === 2 || room() === 0;

    for (let more = true; more && !isOver(); ) {
      // The last place is for the postponed, or new events could keep them out for ever.
      const wanted = this.#postponed.size > 0 ? Math.max(1, room() - 1) : room();
      const held = [...failures.keys(), ...this.#postponed];
      const batch = await transaction.query<OutboxEvent>(statements.pending, [wanted, held]);
      more = batch.length === wanted;
      for (const event of batch) {
        if (isOver()) break;
        if (failures.has(event.key)) continue;
        try {
          await this.#deliver(event);
        } catch (error) {
          failures.set(event.key, { event, error });
          silences = error instanceof EventRefusedError ? 0 : silences + 1;
          continue;
        }
        // One by one: if the connection is gone, and with it the turn, this tells before the next event goes out.
        await transaction.query(statements.markPublished, [event.id]);
        confirmed.push(event);
        silences = 0;
      }
      const othersGoOn = more && (room() > 1 || silences > 0);
      if (othersGoOn || isOver() || this.#postponed.size === 0) continue;
      // The others have had their turn.
      this.#postponed.clear();
      more = true;
    }
    // Last in the next pass, so that two sick keys at the head cannot hide the rest.
    if (this.#postponed.size >= this.#options.batchSize) this.#postponed.clear();
    for (const key of failures.keys()) this.#postponed.add(key);
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

function requireAll(options: Record<string, number>, isAllowed: (value: number) => boolean, rule: string): void {
  for (const [name, value] of Object.entries(options)) {
    if (isAllowed(value)) continue;
    throw new RangeError(`Cannot relay events as '${name}' must be ${rule}: current value is ${value}`);
  }
}
