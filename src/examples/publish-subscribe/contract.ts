import type { Clock, Random } from '../clock.ts';

export interface Draft<Body> {
  body: Body;
  /** Messages of one key reach a subscription in order, one at a time; those without a key in any order. */
  key?: string;
  /** What filters look at. */
  attributes?: Readonly<Record<string, string>>;
}
export interface Message<Body> extends Draft<Body> {
  /** Place in the topic, from 1. The same in every subscription and every delivery: consumers know a repeat by it. */
  readonly position: number;
  readonly publishedMs: number;
}

/** A message matches if each attribute that is named here has one of the values. */
export type Filter = Readonly<Record<string, readonly string[]>>;

// #region cursor
/** What the topic knows of one subscriber; all of it is stored. */
export interface Cursor<Body> {
  filter: Filter;
  /** Up to here every message is settled, unwanted, or among the `open`. */
  read: number;
  /** Wanted and not settled, by position. They stay until they are, whatever the retention says. */
  open: Open<Body>[];
  /** The last receipt that was given out. */
  receipt: number;
}
export interface Open<Body> {
  readonly message: Message<Body>;
  deliveries: number;
  /** Of the delivery under way; 0 while it rests. */
  receipt: number;
  /** Until then it is in the subscriber's hands, or rests. */
  untilMs: number;
}
// #endregion cursor

// #region store
/**
 * Where a topic lives. A position must not become visible before a smaller one:
 * with a sequence it can, so in SQL count up a row of the topic instead.
 */
export interface TopicStore<Body> {
  append(draft: Draft<Body>, publishedMs: number): Promise<number>;
  /** Drops what is older, and the oldest beyond `most`. Dead letters stay. */
  trim(olderThanMs: number, most: number): Promise<void>;
  /** Stores a cursor at the end, or before what is stored; a known one keeps its place. */
  subscribe(name: string, filter: Filter, from: 'now' | 'beginning'): Promise<void>;
  unsubscribe(name: string): Promise<void>;
  /** One at a time for each subscription. All or nothing. @throws UnknownSubscriptionError */
  transaction<Result>(name: string, work: (transaction: CursorTransaction<Body>) => Promise<Result>): Promise<Result>;
}
export interface CursorTransaction<Body> {
  /** A copy of the stored one; what it is when `work` resolves is stored. */
  readonly cursor: Cursor<Body>;
  readonly oldest: number;
  readonly newest: number;
  /** In order of position. */
  read(after: number, limit: number): Promise<readonly Message<Body>[]>;
  readonly deadLetters: readonly DeadLetter<Body>[];
  bury(letter: DeadLetter<Body>): void;
  exhume(position: number): void;
}
// #endregion store

export interface DeadLetter<Body> {
  readonly message: Message<Body>;
  readonly deliveries: number;
  readonly reason: string;
  readonly diedMs: number;
}

/** A message in the hands of a subscriber. */
export interface Delivery<Body> {
  readonly subscription: string;
  readonly message: Message<Body>;
  /** 1 for the first. The topic counts, so a subscriber that dies of a message cannot forget it. */
  readonly deliveries: number;
  readonly receipt: number;
  /** Time for the work and the answer. */
  readonly leaseMs: number;
}

export interface TopicOptions {
  /** As it should appear in errors and metrics. */
  name: string;
  /** Time for one delivery; then it counts as failed, and the message is delivered again. */
  leaseMs?: number;
  /** Deliveries after which a message is dead. */
  maxDeliveries?: number;
  /** Upper end of the first wait before a redelivery; it doubles with each further one. */
  baseDelayMs?: number;
  maxDelayMs?: number;
  /** Messages that a subscription may have open; beyond them it is not read on. */
  window?: number;
  /** What is older may be dropped, whoever has not read it. */
  retentionMs?: number;
  maxMessages?: number;
  /** For each subscription. Beyond them nothing dies: it is tried again and again. */
  maxDeadLetters?: number;
  /** Its times are stored. For a store that outlives the process, a clock that does: the database's. */
  clock?: Clock;
  random?: Random;
  /** Must not throw. */
  onEvent?: (event: TopicEvent) => void;
}

export type TopicEvent = { topic: string; atMs: number } & (
  | { type: 'published'; position: number }
  | { type: 'delivered' | 'acknowledged' | 'died' | 'redriven'; subscription: string; position: number; deliveries: number }
  | { type: 'failed'; subscription: string; position: number; deliveries: number; delayMs: number; reason: string }
  /** The lease had run out: somebody else may have the message, and the work was perhaps done twice. */
  | { type: 'late'; subscription: string; position: number; deliveries: number }
  /** Dropped by the retention before this subscription had looked at them, matching or not. */
  | { type: 'lost'; subscription: string; messages: number }
  /** It should be dead, and there is no place for one more. */
  | { type: 'full'; subscription: string; position: number }
);

export interface Standing {
  /** Not yet looked at, matching or not. */
  unread: number;
  open: number;
  deadLetters: number;
  /** Age of the oldest that is not settled; 0 if there is none. */
  ageMs: number;
}

/** The topic has no subscription of this name. */
export class UnknownSubscriptionError extends Error {
  override readonly name = 'UnknownSubscriptionError';
  readonly subscription: string;

  constructor(subscription: string) {
    super(`the topic has no subscription '${subscription}': call subscribe first`);
    this.subscription = subscription;
  }
}

/** Thrown by a handler: the message will never be handled, so it is dead without another try. */
export class MessageRefusedError extends Error {
  override readonly name = 'MessageRefusedError';
}

/** The handler took as long as the lease allows. Its signal has been aborted; if it goes on all the same, its work may be done twice. */
export class HandlerTimeoutError extends Error {
  override readonly name = 'HandlerTimeoutError';
}
