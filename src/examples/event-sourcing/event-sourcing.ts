import { systemClock } from '../clock.ts';
import { VersionConflictError } from './contract.ts';
import type { Database, DomainEvent, EventStoreOptions, Intent, Loaded, Model, StoredEvent, Transaction } from './contract.ts';
import { statements } from './schema.ts';
import { schemaOf, upcast } from './upcast.ts';

export * from './contract.ts';

const newest = 2 ** 31 - 1;
/** A longer timer would fire at once. */
const longestPauseMs = 2 ** 31 - 1;

/** Streams of one model. The events are the truth; states and snapshots are derived from them. */
export class EventStore<State, Command, Event extends DomainEvent> {
  readonly #database: Database;
  readonly #model: Required<Model<State, Command, Event>>;
  readonly #options: Required<EventStoreOptions>;

  constructor(database: Database, model: Model<State, Command, Event>, options: EventStoreOptions = {}) {
    this.#database = database;
    this.#model = { upcasts: {}, ...model };
    this.#options = {
      maxAttempts: 5, backoffMs: 20, snapshotEvery: 100, batchSize: 500,
      clock: systemClock, random: Math.random, onEvent: () => {}, ...options,
    };
    const { maxAttempts, backoffMs, snapshotEvery, batchSize } = this.#options;
    const isCount = (value: number) => Number.isInteger(value) && value > 0;
    requireThat('maxAttempts', maxAttempts, isCount(maxAttempts), 'a positive integer');
    requireThat('batchSize', batchSize, isCount(batchSize), 'a positive integer');
    requireThat('snapshotEvery', snapshotEvery, snapshotEvery === Infinity || isCount(snapshotEvery), 'a positive integer or Infinity');
    requireThat('backoffMs', backoffMs, backoffMs >= 0 && backoffMs <= longestPauseMs, `between 0 and ${longestPauseMs}`);
  }

  // #region execute
  /**
   * Loads, decides, appends. After a conflict all three again: the old decision rests on an old state.
   * @returns the state and version after the command
   * @throws VersionConflictError after the last attempt, or at once if the caller gave `expectedVersion`
   * @throws whatever `decide` throws; nothing is written then, and nothing is tried again
   */
  async execute(stream: string, command: Command, intent: Intent = {}): Promise<Loaded<State>> {
    requireThat('stream', stream, stream !== '', 'a name');
    const { backoffMs, clock, random, onEvent } = this.#options;
    const { signal } = intent;
    const maxAttempts = intent.expectedVersion === undefined ? this.#options.maxAttempts : 1;
    for (let attempt = 1; ; attempt += 1) {
      signal?.throwIfAborted();
      try {
        return await this.#attempt(stream, command, intent, attempt);
      } catch (error) {
        if (!(error instanceof VersionConflictError)) throw error;
        onEvent({ type: 'conflict', stream, version: error.expectedVersion, attempt });
        if (attempt === maxAttempts) throw error;
      }
      const mostMs = Math.min(longestPauseMs, backoffMs * 2 ** (attempt - 1));
      await clock.sleep(random() * mostMs, signal);
    }
  }

  async #attempt(stream: string, command: Command, intent: Intent, attempt: number): Promise<Loaded<State>> {
    // One stream a transaction, and nothing written before the read: the feed relies on it.
    const { before, events } = await this.#database.transaction(async (transaction) => {
      const before = await this.#replay(transaction, stream, newest, intent.signal);
      const { expectedVersion = before.version, metadata = {} } = intent;
      const conflict = new VersionConflictError(stream, expectedVersion, attempt);
      if (before.version !== expectedVersion) throw conflict;
      const events = this.#model.decide(command, before.state);
      const isAppended = await this.#append(transaction, stream, before.version, events, metadata);
      if (!isAppended) throw conflict;
      return { before, events };
    });
    const version = before.version + events.length;
    const state = events.reduce((older, event) => this.#model.evolve(older, event), before.state);
    if (events.length > 0) this.#options.onEvent({ type: 'appended', stream, version, attempt });
    await this.#keepSnapshot(stream, { state, version }, before.replayed + events.length);
    return { state, version };
  }
  // #endregion execute

  /** @returns false if somebody else has appended since `version` was read: then the caller has to roll back */
  async #append(transaction: Transaction, stream: string, version: number, events: readonly Event[], metadata: object) {
    if (events.length === 0) return true;
    const rows = events.map(({ type, data }) => ({ type, schema: schemaOf(type, this.#model.upcasts), data }));
    const values = [stream, version, JSON.stringify(rows), JSON.stringify(metadata)];
    const written = await transaction.query(statements.append, values);
    return written.length === events.length;
  }

  /**
   * @param atVersion a state of the past; left out, the newest
   * @throws NewerSchemaError if a newer release has written to the stream
   */
  async load(stream: string, { atVersion = newest, signal }: { atVersion?: number; signal?: AbortSignal } = {}): Promise<Loaded<State>> {
    requireThat('atVersion', atVersion, Number.isInteger(atVersion) && atVersion >= 0 && atVersion <= newest, `an integer from 0 to ${newest}`);
    signal?.throwIfAborted();
    const { state, version } = await this.#database.transaction((transaction) => this.#replay(transaction, stream, atVersion, signal));
    return { state, version };
  }

  async #replay(transaction: Transaction, stream: string, untilVersion: number, signal: AbortSignal | undefined) {
    const { batchSize, snapshotEvery, onEvent } = this.#options;
    const { name, initial, evolve, upcasts } = this.#model;
    const isCached = snapshotEvery < Infinity && untilVersion === newest;
    const [snapshot] = isCached ? await transaction.query<Loaded<State>>(statements.snapshot, [stream, name]) : [];
    let { state, version } = snapshot ?? { state: initial, version: 0 };
    let replayed = 0;
    for (let isMore = true; isMore; ) {
      signal?.throwIfAborted();
      const batch = await transaction.query<StoredEvent>(statements.read, [stream, version, untilVersion, batchSize]);
      for (const event of batch) {
        state = evolve(state, { type: event.type, data: upcast(event, upcasts) } as Event);
        version = event.version;
      }
      replayed += batch.length;
      isMore = batch.length === batchSize;
    }
    onEvent({ type: 'loaded', stream, version, replayed });
    return { state, version, replayed };
  }

  /** After the commit, and never a reason to fail: the next one to load replays a little more. */
  async #keepSnapshot(stream: string, { state, version }: Loaded<State>, replayed: number): Promise<void> {
    const { snapshotEvery, onEvent } = this.#options;
    if (replayed < snapshotEvery) return;
    const values = [stream, this.#model.name, version, JSON.stringify(state)];
    await this.#database.transaction((transaction) => transaction.query(statements.keepSnapshot, values)).then(
      () => onEvent({ type: 'snapshot-kept', stream, version }),
      (error: unknown) => onEvent({ type: 'snapshot-failed', stream, error }),
    );
  }
}

function requireThat(name: string, value: unknown, holds: boolean, rule: string): void {
  if (!holds) throw new RangeError(`Cannot use the event store as '${name}' must be ${rule}: current value is ${value}`);
}
