import type { Fields } from './fields.ts';

// #region envelope
/**
 * An event as it travels; it names no receiver. Attributes of CloudEvents 1.0
 * and its extension for correlation; `subjectversion` is our own.
 */
export interface Envelope {
  readonly specversion: '1.0';
  /** With `source` unique for each fact; a repeat has the same. */
  readonly id: string;
  readonly source: string;
  /** `owner.what-happened.v1`; what an old reader would misread is v2. */
  readonly type: string;
  /** What it is about, such as the order number. */
  readonly subject: string;
  /** Counts the facts of a source about a subject, and so tells their order. */
  readonly subjectversion: number;
  /** RFC 3339. For people; clocks of two machines tell no order. */
  readonly time: string;
  readonly datacontenttype: 'application/json';
  /** Of the first cause: the same in all that follows from it. */
  readonly correlationid: string;
  /** `id` of the event that was reacted to; none where a person began it. */
  readonly causationid?: string;
  readonly data: unknown;
}
// #endregion envelope

// #region declarations
/** The promise behind a kind of event. */
export interface EventType<Data> {
  readonly type: string;
  /** The one service that may announce it. */
  readonly owner: string;
  /** Takes what it knows and leaves the rest. @throws UnreadableEventError */
  readonly read: (data: Fields) => Data;
  /** Readers that declare no reaction here, such as the data warehouse. */
  readonly outside?: string;
}

export interface Service {
  readonly name: string;
  /** What it announces of its own accord, when it is called. */
  readonly announces: readonly EventType<unknown>[];
  readonly reactions: readonly Reaction[];
}
export interface Reaction {
  readonly on: EventType<unknown>;
  /** All that it may announce; anything else is refused, so the flow that is drawn from this is the real one. */
  readonly announces: readonly EventType<unknown>[];
  react(fact: Fact<unknown>, work: Work): Promise<void>;
}
// #endregion declarations

/** An event as its reader sees it. */
export interface Fact<Data> {
  readonly id: string;
  readonly subject: string;
  readonly version: number;
  readonly data: Data;
}

/** What one reaction reads, keeps and announces: all of it in one transaction. */
export interface Work {
  readonly signal: AbortSignal;
  get<Value>(key: string): Promise<Value | undefined>;
  put(key: string, value: unknown): void;
  /** @throws UndeclaredEventError, also if no reader could read the data */
  announce<Data>(type: EventType<Data>, subject: string, data: Data): Promise<void>;
}

/** The service's own database: what it keeps, what it has handled, what it has to send. */
export interface Store {
  /** All or nothing, and as if one after another; otherwise two facts that arrive together each miss the other. */
  transaction<Result>(work: (transaction: StoreTransaction) => Promise<Result>): Promise<Result>;
}
export interface StoreTransaction {
  get(key: string): Promise<unknown>;
  put(key: string, value: unknown): void;
  /** False if it was remembered before. Has to last longer than the longest redelivery. */
  remember(event: string): Promise<boolean>;
  /** To the outbox; a relay sends it on, at least once. */
  append(envelope: Envelope): void;
}

/** What a participant tells metrics and log. `unreadable` wants a person: the event belongs with the dead letters. */
export interface Occurrence {
  readonly service: string;
  readonly happened: 'announced' | 'reacted' | 'repeated' | 'ignored' | 'unreadable';
  readonly event: Envelope;
}

/** A service tried to announce what it has not declared, what belongs to another, or what its readers could not read. */
export class UndeclaredEventError extends Error {
  override readonly name = 'UndeclaredEventError';
}

/** Ties the data of a type to the function that reacts to it. */
export function on<Data>(type: EventType<Data>, announces: readonly EventType<unknown>[], react: (fact: Fact<Data>, work: Work) => Promise<void>): Reaction {
  return { on: type, announces, react: (fact, work) => react(fact as Fact<Data>, work) };
}
