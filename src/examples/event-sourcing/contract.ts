import type { Clock, Random } from '../clock.ts';

export interface Transaction {
  query<Row>(text: string, parameters: readonly unknown[]): Promise<readonly Row[]>;
}
/** Commits when `work` resolves, rolls back when it rejects. */
export interface Database {
  transaction<Result>(work: (transaction: Transaction) => Promise<Result>): Promise<Result>;
}

/** What happened, in the past tense. `data` is JSON; times and random ids come in with the command and are kept here. */
export interface DomainEvent {
  readonly type: string;
  readonly data: unknown;
}
/** As it was written, perhaps years ago. */
export interface StoredEvent extends DomainEvent {
  readonly version: number;
  readonly schema: number;
}
/** From one shape of an event's data to the next. Keeps the fields that it does not know. */
export type Upcast = (data: never) => unknown;

/** One kind of stream. `State` is JSON, since snapshots are. Neither function waits, reads a clock or draws a number: a replay gives what it gave before. */
export interface Model<State, Command, Event extends DomainEvent> {
  /** Name of the fold, for snapshots. Change it whenever `State` or `evolve` changes. */
  readonly name: string;
  readonly initial: State;
  /** Never refuses: the event has happened. Returns a new state; a type that it does not know changes nothing. */
  readonly evolve: (state: State, event: Event) => State;
  /** What happens because of the command; throws if the rules forbid it. Runs again after a conflict. */
  readonly decide: (command: Command, state: State) => readonly Event[];
  /** By type. The third step leads from schema 3 to schema 4. */
  readonly upcasts?: Readonly<Record<string, readonly Upcast[]>>;
}

export interface EventStoreOptions {
  /** Decisions of one command before it gives up; 1 never retries. */
  readonly maxAttempts?: number;
  /** Longest pause before the second attempt, in milliseconds; doubled for each one after. */
  readonly backoffMs?: number;
  /** A snapshot is kept after a command that had to replay so many events. Infinity: never. */
  readonly snapshotEvery?: number;
  /** Most events read by one statement. */
  readonly batchSize?: number;
  readonly clock?: Clock;
  readonly random?: Random;
  /** Must not throw. */
  readonly onEvent?: (event: StoreEvent) => void;
}
export type StoreEvent =
  | { readonly type: 'loaded'; readonly stream: string; readonly version: number; /** Events read after the snapshot. */ readonly replayed: number }
  | { readonly type: 'appended'; readonly stream: string; readonly version: number; readonly attempt: number }
  | { readonly type: 'conflict'; readonly stream: string; /** The one that was expected. */ readonly version: number; readonly attempt: number }
  | { readonly type: 'snapshot-kept'; readonly stream: string; readonly version: number }
  | { readonly type: 'snapshot-failed'; readonly stream: string; readonly error: unknown };

/** A state, and the version of its stream: the number of events that it was made of. */
export interface Loaded<State> {
  readonly state: State;
  readonly version: number;
}

export interface Intent {
  /** The version that a person or a client has decided on (If-Match). If the stream has moved on, nobody decides again for them. */
  readonly expectedVersion?: number;
  /** Kept with each event: the actor, the traceparent. */
  readonly metadata?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** The stream has grown since it was read. Thrown by the event store; over HTTP it is a 412 or a 409. */
export class VersionConflictError extends Error {
  override readonly name = 'VersionConflictError';
  readonly stream: string;
  readonly expectedVersion: number;
  readonly attempts: number;

  constructor(stream: string, expectedVersion: number, attempts: number) {
    super(`The event store refused to append to '${stream}': it is no longer at version ${expectedVersion} (attempt ${attempts})`);
    [this.stream, this.expectedVersion, this.attempts] = [stream, expectedVersion, attempts];
  }
}
/** A newer release wrote this event. Reading it with older code would misread it. */
export class NewerSchemaError extends Error {
  override readonly name = 'NewerSchemaError';
}
