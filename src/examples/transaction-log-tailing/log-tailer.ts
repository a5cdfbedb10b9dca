import { systemClock } from '../clock.ts';
import type { Clock } from '../clock.ts';
import { EventRefusedError } from '../transactional-outbox/contract.ts';
import type { OutboxEvent, Publish } from '../transactional-outbox/contract.ts';
import { PgoutputDecoder } from './pgoutput.ts';
import type { Change, LogEntry } from './pgoutput.ts';

/** What the server sends on a replication connection. */
export type LogMessage =
  | { readonly type: 'data'; readonly data: Uint8Array }
  /** Everything that was committed before `end` has been sent. */
  | { readonly type: 'keepalive'; readonly end: bigint };
/**
 * One replication connection. Tells the server the position confirmed last, by itself and in time, so that a slow
 * broker does not end the connection; and stops reading while messages wait, so that it does not fill the memory.
 */
export interface LogStream extends AsyncIterable<LogMessage> {
  /** The server may forget everything before `position`, and begins there after a restart. */
  confirm(position: bigint): void;
}

export interface TailerOptions {
  /** What to say about a change; nothing, and it is passed over. The default takes inserts into `public.outbox`. */
  readonly toEvent?: (change: Change) => OutboxEvent | undefined;
  /** Keeps an event that the broker will never take. Must have kept it when it resolves. */
  readonly park: (event: OutboxEvent, error: EventRefusedError) => Promise<void>;
  /** Pause before the next attempt, in milliseconds; doubles up to `maxRetryMs`. */
  readonly retryMs?: number;
  readonly maxRetryMs?: number;
  readonly clock?: Clock;
  readonly onEvent?: (event: TailerEvent) => void;
}
export type TailerEvent =
  | { readonly type: 'published' | 'parked' | 'failed'; readonly event: OutboxEvent; readonly error?: unknown }
  | { readonly type: 'confirmed'; readonly position: bigint };

/** Publishes at least once, in the order of commits. One of them reads a slot; PostgreSQL refuses a second. */
export class LogTailer {
  readonly #publish: Publish;
  readonly #options: Required<TailerOptions>;

  constructor(publish: Publish, options: TailerOptions) {
    this.#publish = publish;
    this.#options = { toEvent: outboxEvent, retryMs: 500, maxRetryMs: 30_000, clock: systemClock, onEvent: () => {}, ...options };
    const { retryMs, maxRetryMs } = this.#options;
    if (retryMs > 0 && retryMs <= maxRetryMs && maxRetryMs < 2 ** 31) return;
    throw new RangeError(`Cannot tail the log as 'retryMs' must be above 0 and up to 'maxRetryMs', and that below 2147483648: current values are ${retryMs} and ${maxRetryMs}`);
  }

  // #region tail
  /**
   * Reads until the stream ends or `signal` aborts, which is seen at the next message: close the stream too.
   * What is under way then was not confirmed, and comes again.
   * Throws what the stream throws, and SchemaMismatchError: a person has to look.
   */
  async tail(stream: LogStream, signal: AbortSignal): Promise<void> {
    const { toEvent } = this.#options;
    const decoder = new PgoutputDecoder();
    let isWithin = false;
    const confirm = (position: bigint): void => {
      stream.confirm(position);
      this.#options.onEvent({ type: 'confirmed', position });
    };
    for await (const message of stream) {
      if (signal.aborted) return;
      if (message.type === 'keepalive') {
        // All before it is published: the log of tables that nobody tails need not be kept.
        if (!isWithin) confirm(message.end);
        continue;
      }
      const entry = decoder.decode(message.data);
      if (entry.type === 'begin') isWithin = true;
      for (const change of changesIn(entry)) {
        const event = toEvent(change);
        if (event !== undefined && !await this.#deliver(event, signal)) return;
      }
      if (entry.type === 'commit') {
        isWithin = false;
        confirm(entry.end);
      }
    }
  }
  // #endregion tail

  // #region deliver
  /** Nothing overtakes: while this one fails, the log waits. @returns false when given up */
  async #deliver(event: OutboxEvent, signal: AbortSignal): Promise<boolean> {
    const { park, retryMs, maxRetryMs, clock, onEvent } = this.#options;
    for (let pauseMs = retryMs; !signal.aborted; pauseMs = Math.min(2 * pauseMs, maxRetryMs)) {
      try {
        await this.#publish(event, signal);
      } catch (error) {
        if (error instanceof EventRefusedError) {
          await park(event, error);
          onEvent({ type: 'parked', event, error });
          return true;
        }
        onEvent({ type: 'failed', event, error });
        await clock.sleep(pauseMs, signal).catch(() => {});
        continue;
      }
      onEvent({ type: 'published', event });
      return true;
    }
    return false;
  }
  // #endregion deliver
}

function changesIn(entry: LogEntry): readonly Change[] {
  if ('tables' in entry) return entry.tables.map((table) => ({ type: 'truncate', table }));
  return 'table' in entry ? [entry] : [];
}

// #region event
const needed = ['id', 'message', 'key', 'type', 'payload', 'headers'] as const;

/** By the names of columns, so that a new one does no harm and a missing one stops us before anything wrong goes out. */
export function outboxEvent({ type, table, row = {} }: Change): OutboxEvent | undefined {
  if (type !== 'insert' || table !== 'public.outbox') return undefined;
  const missing = needed.filter((column) => typeof row[column] !== 'string');
  if (missing.length > 0) throw new SchemaMismatchError(`An event in ${table} has no ${missing.join(', ')}: has the table changed?`);
  const { id, message, key, type: name, payload, headers } = row as Record<typeof needed[number], string>;
  return { id, message, key, type: name, payload: JSON.parse(payload), headers: JSON.parse(headers), attempts: 0 };
}
// #endregion event

export class SchemaMismatchError extends Error {
  override readonly name = 'SchemaMismatchError';
}
