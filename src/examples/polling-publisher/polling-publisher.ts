import { systemClock } from '../clock.ts';
import type { Clock } from '../clock.ts';
import { EventRefusedError, PublishTimeoutError } from '../transactional-outbox/contract.ts';
import type { Database, OutboxEvent, Publish } from '../transactional-outbox/contract.ts';
import { statements } from './schema.ts';

export interface PollingOptions {
  /** Events claimed by one query, each of another key, and published side by side. */
  readonly batchSize?: number;
  /** Pause after a query that left nothing to do, in milliseconds; doubles while nothing is found. */
  readonly pollMs?: number;
  /** The longest pause, and so the longest that an event waits for an idle publisher, in milliseconds. */
  readonly maxPollMs?: number;
  /** How long the broker may take to confirm one event, in milliseconds. */
  readonly publishTimeoutMs?: number;
  /** After this time a claim is void, and others may take the event, in milliseconds; above `publishTimeoutMs`. */
  readonly leaseMs?: number;
  /** An event that failed comes back after this time, in milliseconds, which doubles with each attempt, up to `maxRetryMs`. */
  readonly retryMs?: number;
  readonly maxRetryMs?: number;
  readonly clock?: Clock;
  /** Called after the outcome is stored; must not throw. */
  readonly onEvent?: (event: PollingEvent) => void;
}
export type PollingEvent =
  | { readonly type: 'polled'; readonly claimed: number }
  | { readonly type: 'published' | 'failed' | 'parked'; readonly event: OutboxEvent; readonly error?: unknown }
  | { readonly type: 'broken'; readonly error: unknown };

const longestTimerMs = 2 ** 31 - 1;

/** Publishes at least once and in order of each key. Any number may run, and they share the keys. */
export class PollingPublisher {
  readonly #database: Database;
  readonly #publish: Publish;
  readonly #options: Required<PollingOptions>;

  /** @throws RangeError for an option outside its range */
  constructor(database: Database, publish: Publish, options: PollingOptions = {}) {
    this.#database = database;
    this.#publish = publish;
    this.#options = {
      batchSize: 100, pollMs: 250, maxPollMs: 2_000, publishTimeoutMs: 10_000, leaseMs: 30_000, retryMs: 1_000, maxRetryMs: 60_000,
      clock: systemClock, onEvent: () => {}, ...options,
    };
    const { batchSize, pollMs, maxPollMs, publishTimeoutMs, leaseMs, retryMs, maxRetryMs } = this.#options;
    mustBe({ batchSize }, Number.isInteger(batchSize) && batchSize > 0, 'a positive integer');
    // A longer timer would fire at once.
    for (const [name, ms] of Object.entries({ pollMs, maxPollMs, publishTimeoutMs, leaseMs, retryMs, maxRetryMs })) mustBe({ [name]: ms }, ms > 0 && ms <= longestTimerMs, `above 0 and up to ${longestTimerMs}`);
    mustBe({ maxPollMs }, maxPollMs >= pollMs, `at least 'pollMs', ${pollMs}`);
    mustBe({ leaseMs }, leaseMs > publishTimeoutMs, `above 'publishTimeoutMs', ${publishTimeoutMs}`);
  }

  // #region run
  /** Works until `signal` aborts; what is under way then is finished and marked. */
  async run(signal: AbortSignal): Promise<void> {
    const { pollMs, maxPollMs, clock, onEvent } = this.#options;
    let pauseMs = pollMs;
    while (!signal.aborted) {
      const { claimed, published } = await this.poll().catch((error: unknown) => {
        onEvent({ type: 'broken', error });
        return { claimed: 0, published: 0 };
      });
      if (claimed > 0) pauseMs = pollMs;
      // The next events of these keys may be waiting.
      if (published > 0) continue;
      await clock.sleep(pauseMs, signal).catch(() => {});
      pauseMs = Math.min(2 * pauseMs, maxPollMs);
    }
  }
  // #endregion run

  // #region poll
  /**
   * One query, and what follows from it. No transaction is open while the broker is asked.
   * Throws what the database throws; what was claimed comes back when the lease has ended.
   */
  async poll(): Promise<{ claimed: number; published: number }> {
    const { batchSize, leaseMs, onEvent } = this.#options;
    const claimed = await this.#database.transaction((transaction) =>
      transaction.query<OutboxEvent>(statements.claim, [batchSize, leaseMs]));
    onEvent({ type: 'polled', claimed: claimed.length });
    if (claimed.length === 0) return { claimed: 0, published: 0 };

    // No two are of one key, so none can overtake another.
    const outcomes = await Promise.all(claimed.map((event) => this.#deliver(event).then(
      () => ({ type: 'published', event }) as const,
      (error: unknown) => ({ type: error instanceof EventRefusedError ? 'parked' : 'failed', event, error }) as const,
    )));
    const confirmed = outcomes.filter(({ type }) => type === 'published').map(({ event }) => event.id);

    await this.#database.transaction(async (transaction) => {
      if (confirmed.length > 0) await transaction.query(statements.confirm, [confirmed]);
      for (const outcome of outcomes) {
        if (outcome.type === 'published') continue;
        const { type, event: { id, attempts }, error } = outcome;
        const reason = type === 'parked' ? String(error) : null;
        await transaction.query(statements.putBack, [id, attempts, this.#retryAfter(attempts), reason]);
      }
    });
    outcomes.forEach(onEvent);
    return { claimed: claimed.length, published: confirmed.length };
  }
  // #endregion poll

  #retryAfter(attempts: number): number {
    const { retryMs, maxRetryMs } = this.#options;
    return Math.min(retryMs * 2 ** (attempts - 1), maxRetryMs);
  }

  async #deliver(event: OutboxEvent): Promise<void> {
    const { clock, publishTimeoutMs } = this.#options;
    const limit = new AbortController();
    const late = Promise.withResolvers<never>();
    const timer = clock.setTimeout(() => {
      const error = new PublishTimeoutError(`The broker did not confirm event ${event.id} within ${publishTimeoutMs} ms`);
      late.reject(error);
      limit.abort(error);
    }, publishTimeoutMs);
    try {
      await Promise.race([this.#publish(event, limit.signal), late.promise]);
    } finally {
      clock.clearTimeout(timer);
    }
  }
}

function mustBe(option: Record<string, number>, isAllowed: boolean, rule: string): void {
  const [name, value] = Object.entries(option)[0]!;
  if (!isAllowed) throw new RangeError(`Cannot publish events as '${name}' must be ${rule}: current value is ${value}`);
}
