import { systemClock } from '../clock.ts';
import type { Clock } from '../clock.ts';
import { ReplyTimeoutError, RequestRefusedError, RequesterClosedError, TooManyPendingError, isTimer, requireAll } from './contract.ts';
import type { Answer, Broker } from './contract.ts';

export interface RequesterOptions {
  /** The channel for answers. Each process has its own, or answers reach somebody who did not ask. */
  replyTo: string;
  /** Unlike any other, also after a restart. */
  newId: () => string;
  /** Time for an answer. 5 s when left out. */
  timeoutMs?: number;
  /** Answers that are awaited at the same time. 1,000 when left out. */
  maxPending?: number;
  /** Wait when the broker could not be reached. */
  retryMs?: number;
  clock?: Clock;
  /** Must not throw. */
  onEvent?: (event: RequesterEvent) => void;
}
export type RequesterEvent =
  | { type: 'asked' | 'answered' | 'refused' | 'timed out' | 'abandoned'; correlationId: string }
  /** An answer that nobody waits for: late, a copy, or for somebody else. */
  | { type: 'ignored'; correlationId: string }
  | { type: 'error'; error: unknown };

export interface RequestOptions {
  /** The same for each repeat of one request. */
  id?: string;
  signal?: AbortSignal;
}

interface Pending { settle: (type: 'answered' | 'refused' | 'timed out' | 'abandoned', end: () => void) => void; resolve: (value: unknown) => void; reject: (error: unknown) => void }

/** Asks over messages and waits for the answers. Nothing is answered before `listen` runs. */
export class Requester {
  readonly #broker: Broker;
  readonly #options: Required<Omit<RequesterOptions, 'onEvent'>> & Pick<RequesterOptions, 'onEvent'>;
  readonly #pending = new Map<string, Pending>();
  #isClosed = false;

  /** @throws RangeError for an option that makes no sense */
  constructor(broker: Broker, options: RequesterOptions) {
    this.#broker = broker;
    this.#options = { timeoutMs: 5_000, maxPending: 1_000, retryMs: 1_000, clock: systemClock, ...options };
    const { timeoutMs, maxPending, retryMs } = this.#options;
    requireAll({ timeoutMs, retryMs }, isTimer, 'above 0 and below 2147483648');
    requireAll({ maxPending }, (count) => Number.isSafeInteger(count) && count > 0, 'a positive integer');
  }

  /** Answers that are awaited. */
  get pending(): number {
    return this.#pending.size;
  }

  // #region request
  /** @throws ReplyTimeoutError, RequestRefusedError, TooManyPendingError, RequesterClosedError, the signal's reason, or what kept the broker from storing the request */
  async request<Result>(channel: string, body: unknown, { id = this.#options.newId(), signal }: RequestOptions = {}): Promise<Result> {
    const { replyTo, newId, timeoutMs, maxPending, clock, onEvent } = this.#options;
    signal?.throwIfAborted();
    if (this.#isClosed) throw new RequesterClosedError('nobody listens for answers');
    if (this.#pending.size >= maxPending) throw new TooManyPendingError(`${maxPending} answers are awaited already`);
    const correlationId = newId();
    const answer = new Promise<Result>((resolve, reject) => {
      const abandon = (): void => settle('abandoned', () => reject(signal?.reason));
      const timer = clock.setTimeout(() => settle('timed out', () => reject(new ReplyTimeoutError(`no answer from '${channel}' within ${timeoutMs} ms`))), timeoutMs);
      // One way out for every end, so that none of them leaves an entry, a timer or a listener behind.
      const settle: Pending['settle'] = (type, end) => {
        this.#pending.delete(correlationId);
        clock.clearTimeout(timer);
        signal?.removeEventListener('abort', abandon);
        onEvent?.({ type, correlationId });
        end();
      };
      signal?.addEventListener('abort', abandon, { once: true });
      // Known before it is sent: an answer can be faster than the broker's word.
      this.#pending.set(correlationId, { settle, resolve: resolve as Pending['resolve'], reject });
    });
    onEvent?.({ type: 'asked', correlationId });
    // A question is worth nothing after its asker has gone, so it expires with the wait. What has to happen in any case is sent without one.
    (async () => this.#broker.send(channel, { id, body, replyTo, correlationId, ttlMs: timeoutMs }))().catch((error: unknown) => this.#end(correlationId, 'abandoned', error));
    return answer;
  }
  // #endregion request

  // #region listen
  /** Takes answers until `signal` aborts; then whoever still waits is told. Resolves at the end. */
  async listen(signal: AbortSignal): Promise<void> {
    const { replyTo, timeoutMs, retryMs, clock, onEvent } = this.#options;
    while (!signal.aborted) {
      try {
        const delivery = await this.#broker.receive(replyTo, timeoutMs, signal);
        const { correlationId = '', body } = delivery.message;
        const pending = this.#pending.get(correlationId);
        const answer = body as Answer<unknown>;
        if (pending === undefined) onEvent?.({ type: 'ignored', correlationId });
        else if ('refused' in answer) pending.settle('refused', () => pending.reject(new RequestRefusedError(answer.refused)));
        else pending.settle('answered', () => pending.resolve(answer.result));
        await this.#broker.acknowledge(replyTo, delivery);
      } catch (error) {
        if (error !== signal.reason) onEvent?.({ type: 'error', error });
        await clock.sleep(retryMs, signal).catch(() => {});
      }
    }
    this.#isClosed = true;
    for (const correlationId of [...this.#pending.keys()]) this.#end(correlationId, 'abandoned', new RequesterClosedError('nobody listens for the answer any more'));
  }
  // #endregion listen

  #end(correlationId: string, type: 'abandoned', error: unknown): void {
    const pending = this.#pending.get(correlationId);
    pending?.settle(type, () => pending.reject(error));
  }
}
