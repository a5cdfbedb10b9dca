import type { Clock } from '../clock.ts';

/** One open transaction. */
export interface Transaction {
  query<Row>(text: string, parameters: readonly unknown[]): Promise<readonly Row[]>;
}
/** Commits when `work` resolves, rolls back when it rejects. Has no `query` of its own, so that nothing can be done beside the transaction. */
export interface Database {
  transaction<Result>(work: (transaction: Transaction) => Promise<Result>): Promise<Result>;
}

export interface Message<Body> {
  /** The sender's, the same in every copy; never a hash of the content. */
  readonly id: string;
  /** ISO 8601, by the sender's clock: when the message came to be, not when it was sent again. */
  readonly madeAt: string;
  readonly body: Body;
}

/** What the broker gives to one consumer. Each may reject: the message then comes again, as after a crash. */
export interface Delivery<Body> {
  readonly message: Message<Body>;
  /** Done: never again. */
  ack(): unknown;
  /** Not done: again, later. The broker counts how often. */
  nack(error: unknown): unknown;
  /** Never to be done: to the dead letters. */
  reject(error: OutOfTimeError): unknown;
}

/** Older than the memory, so nobody knows whether it was handled; or from the future, by a clock that is wrong. */
export class OutOfTimeError extends Error {
  override readonly name = 'OutOfTimeError';
  readonly consumer: string;
  readonly messageId: string;

  constructor(consumer: string, message: string, madeAt: string) {
    super(`'${consumer}' cannot tell whether it has handled '${message}', which was made at ${madeAt}`);
    this.consumer = consumer;
    this.messageId = message;
  }
}

export interface IdempotentConsumerOptions<Body> {
  /** Whose memory it is: one name for all instances, and another for each other consumer. */
  name: string;
  database: Database;
  /** What the message brings about, all of it in this transaction. Its error rolls back the memory too. */
  effect: (message: Message<Body>, transaction: Transaction) => Promise<unknown>;
  /** How old a message may be. Longer than broker, relay and people with a replay button can take. */
  retainMs: number;
  /** How far the clocks of senders may be off from the database's. */
  skewMs?: number;
  clock?: Clock;
  /** After the transaction is over. Must not throw. */
  onEvent?: (event: ConsumerEvent) => void;
}

export type Outcome = 'handled' | 'copy';
export type ConsumerEvent = { consumer: string; message: string; atMs: number } & (
  | { type: Outcome; durationMs: number }
  /** Comes again. */
  | { type: 'failed'; error: unknown }
  | { type: 'refused' }
);
