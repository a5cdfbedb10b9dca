import { systemClock } from '../clock.ts';
import type { Clock } from '../clock.ts';
import { requirePositive } from './contract.ts';

export interface Message { readonly correlationId: string; readonly replyTo?: string; readonly body: unknown }

/** No reply within the time. Whether the work was done is not known. */
export class ReplyTimeoutError extends Error {
  override readonly name = 'ReplyTimeoutError';
}
export class TooManyPendingError extends Error {
  override readonly name = 'TooManyPendingError';
}

export interface RequesterOptions {
  /** The queue that only this process reads. */
  readonly replyTo: string;
  readonly timeoutMs: number;
  readonly mostPending: number;
  /** Never the same twice, not even after a restart: an old reply may still be in the queue. */
  readonly newId: () => string;
  readonly clock?: Clock;
}

/** The same over messages: replies come through a queue and are told apart by their correlation id. */
export class Requester {
  readonly #send: (message: Message) => Promise<void>;
  readonly #options: Required<RequesterOptions>;
  readonly #pending = new Map<string, (body: unknown) => void>();

  constructor(send: (message: Message) => Promise<void>, options: RequesterOptions) {
    requirePositive({ timeoutMs: options.timeoutMs, mostPending: options.mostPending });
    this.#send = send;
    this.#options = { clock: systemClock, ...options };
  }

  get pending(): number {
    return this.#pending.size;
  }

  /** @throws ReplyTimeoutError, TooManyPendingError, the reason of `signal`, or what sending threw */
  async request(body: unknown, signal?: AbortSignal): Promise<unknown> {
    const { replyTo, timeoutMs, mostPending, newId, clock } = this.#options;
    signal?.throwIfAborted();
    if (this.#pending.size >= mostPending) throw new TooManyPendingError(`${mostPending} requests wait for a reply already`);
    // #region requester
    const correlationId = newId();
    const settled = new AbortController();
    const replied = new Promise((resolve) => this.#pending.set(correlationId, resolve));
    const given = signal === undefined ? settled.signal : AbortSignal.any([settled.signal, signal]);
    const expired = clock.sleep(timeoutMs, given).then(() => { throw new ReplyTimeoutError(`no reply to ${correlationId} within ${timeoutMs} ms`); });
    const failed = (async () => this.#send({ correlationId, replyTo, body }))().then(() => new Promise(() => {}));
    for (const each of [expired, failed]) each.catch(() => {}); // the race may be over
    try {
      return await Promise.race([replied, expired, failed]);
    } finally {
      // On every path: what is never answered would stay in the map for ever.
      this.#pending.delete(correlationId);
      settled.abort();
    }
    // #endregion requester
  }

  /** @returns false for a reply that nobody waits for: late, a copy, or another's. Acknowledge it all the same. */
  receive({ correlationId, body }: Message): boolean {
    const resolve = this.#pending.get(correlationId);
    this.#pending.delete(correlationId);
    resolve?.(body);
    return resolve !== undefined;
  }
}
