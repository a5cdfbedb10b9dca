import { systemClock } from '../clock.ts';
import { FlowClosedError, NoCreditError, OverrunError, requireCount } from './contract.ts';
import type { FlowEvent, Occurrence, ReceiverOptions, SenderOptions } from './contract.ts';

export { FlowClosedError, NoCreditError, OverrunError };
export type { FlowEvent, ReceiverOptions, SenderOptions };

/**
 * The sending side of a flow. It passes on at most as many items as the receiver has granted, as rule 1.1 of Reactive Streams asks;
 * who has no credit waits in order of arrival (`send`) or is told so (`offer`).
 */
export class Sender<T> {
  readonly #options: Required<Omit<SenderOptions<T>, 'onEvent'>> & Pick<SenderOptions<T>, 'onEvent'>;
  #credit = 0;
  #closed = false;
  /** Nobody is in it while there is credit, but for the moment in which `grant` hands it out. */
  readonly #waiting = new Set<{ go: () => void; fail: () => void }>();

  constructor(options: SenderOptions<T>) {
    this.#options = { mostWaiting: 1, clock: systemClock, ...options };
    requireCount('mostWaiting', this.#options.mostWaiting);
  }

  // #region send
  /**
   * Resolves when the item is on its way, which may take as long as the receiver takes.
   * @throws NoCreditError, FlowClosedError, or the reason of `signal`; then it was not sent
   */
  async send(item: T, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    if (this.#passFirst(item)) return;
    const { name, mostWaiting, clock } = this.#options;
    if (this.#waiting.size >= mostWaiting) {
      this.#emit({ type: 'refused' });
      throw new NoCreditError(name, mostWaiting);
    }
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const askedMs = clock.now();
    const leave = (): void => {
      this.#waiting.delete(waiter);
      signal?.removeEventListener('abort', abort);
    };
    const abort = (): void => {
      leave();
      this.#emit({ type: 'left', waitedMs: clock.now() - askedMs });
      reject(signal?.reason);
    };
    const go = (): void => {
      leave();
      this.#pass(item, clock.now() - askedMs);
      resolve();
    };
    const fail = (): void => {
      leave();
      reject(new FlowClosedError(name));
    };
    const waiter = { go, fail };
    this.#waiting.add(waiter);
    signal?.addEventListener('abort', abort, { once: true });
    return promise;
  }

  /**
   * For a source that cannot wait. False: not sent, and it is the caller who drops, keeps the
   * latest or says no.
   * @throws FlowClosedError
   */
  offer(item: T): boolean {
    const isSent = this.#passFirst(item);
    if (!isSent) this.#emit({ type: 'refused' });
    return isSent;
  }
  // #endregion send

  // #region grant
  /** More credit. It goes to those who wait first, so that nobody overtakes them. */
  grant(items: number): void {
    requireCount('items', items);
    this.#credit += items;
    this.#emit({ type: 'granted', items });
    for (const { go } of this.#waiting) {
      if (this.#credit === 0) return;
      go();
    }
  }

  /** The receiver is gone: whoever waits would wait for ever. */
  close(): void {
    this.#closed = true;
    for (const { fail } of this.#waiting) fail();
  }
  // #endregion grant

  /** For a newcomer: even while credit is handed out, nobody who waits is overtaken. */
  #passFirst(item: T): boolean {
    return this.#waiting.size === 0 && this.#pass(item, 0);
  }

  #pass(item: T, waitedMs: number): boolean {
    if (this.#closed) throw new FlowClosedError(this.#options.name);
    if (this.#credit === 0) return false;
    this.#credit -= 1;
    this.#options.deliver(item);
    this.#emit({ type: 'sent', waitedMs });
    return true;
  }

  #emit(occurrence: Occurrence): void {
    const { name, clock, onEvent } = this.#options;
    onEvent?.({ flow: name, atMs: clock.now(), credit: this.#credit, waiting: this.#waiting.size, ...occurrence });
  }
}

/** The receiving side: a buffer that cannot overflow, because it grants no more than it has room for. */
export class Receiver<T> {
  readonly #options: Required<ReceiverOptions>;
  readonly #buffer: T[] = [];
  /** Granted and not yet here. */
  #expected = 0;
  #ended = false;
  #wake: () => void = () => {};

  constructor(options: ReceiverOptions) {
    requireCount('window', options.window);
    this.#options = { batch: Math.ceil(options.window / 2), ...options };
    requireCount('batch', this.#options.batch, options.window);
  }

  get buffered(): number {
    return this.#buffer.length;
  }

  /** @throws OverrunError */
  deliver(item: T): void {
    if (this.#expected === 0) throw new OverrunError(this.#options.name, this.#options.window);
    this.#expected -= 1;
    this.#buffer.push(item);
    this.#wake();
  }

  /** The sender has no more. What is in the buffer is still handed out. */
  end(): void {
    this.#ended = true;
    this.#wake();
  }

  // #region items
  /**
   * For one `for await`. Credit goes back when the body of the loop is through with an item,
   * not when the item came, and in batches, since each grant may be a message.
   * Leaving the loop, by an error too, cancels the flow.
   */
  async *items(signal?: AbortSignal): AsyncGenerator<T, void> {
    const { window, batch, cancel } = this.#options;
    const wake = (): void => this.#wake();
    signal?.addEventListener('abort', wake);
    try {
      this.#grant(window);
      for (let finished = 0; ;) {
        signal?.throwIfAborted();
        if (this.#buffer.length > 0) {
          yield this.#buffer.shift()!;
          finished += 1;
          if (finished < batch) continue;
          this.#grant(finished);
          finished = 0;
        } else if (this.#ended) return;
        else await new Promise<void>((resolve) => { this.#wake = resolve; });
      }
    } finally {
      signal?.removeEventListener('abort', wake);
      cancel();
    }
  }
  // #endregion items

  #grant(items: number): void {
    this.#expected += items;
    this.#options.grant(items);
  }
}
