import type { Clock } from '../clock.ts';

/** One open transaction. */
export interface Transaction {
  query<Row>(text: string, parameters: readonly unknown[]): Promise<readonly Row[]>;
}
/**
 * Commits when `work` resolves, rolls back when it rejects.
 * Has no `query` of its own, so that `recordEvent` cannot be given a pool.
 */
export interface Database {
  transaction<Result>(work: (transaction: Transaction) => Promise<Result>): Promise<Result>;
}

/** What the broker receives. Consumers drop a second copy by `message`; events of one `key` arrive in order. */
export interface OutboxEvent {
  readonly id: string;
  readonly message: string;
  readonly key: string;
  readonly type: string;
  readonly payload: unknown;
  readonly headers: Readonly<Record<string, string>>;
  readonly attempts: number;
}
/** Resolves once the broker has confirmed the event. Throws `EventRefusedError` if it will never take this one. */
export type Publish = (event: OutboxEvent, signal: AbortSignal) => Promise<void>;

/** Thrown by `Publish`: this event can never be published, for example because it is too large. */
export class EventRefusedError extends Error {
  override readonly name = 'EventRefusedError';
}
export class PublishTimeoutError extends Error {
  override readonly name = 'PublishTimeoutError';
}

export interface RelayOptions {
  /** Events tried in one pass, and the most that a crash publishes a second time. */
  readonly batchSize?: number;
  /** Pause after a pass that left nothing to do, in milliseconds. */
  readonly pollMs?: number;
  /** How long the broker may take to confirm one event, in milliseconds. */
  readonly publishTimeoutMs?: number;
  /** Failures of one event, in passes that published others, after which it is parked. */
  readonly maxAttempts?: number;
  readonly clock?: Clock;
  /** Called after the pass has committed; must not throw. */
  readonly onEvent?: (event: RelayEvent) => void;
}
export type RelayEvent =
  | { readonly type: 'standby' }
  | { readonly type: 'published' | 'failed' | 'parked'; readonly event: OutboxEvent; readonly error?: unknown }
  | { readonly type: 'broken'; readonly error: unknown };
