import { systemClock } from '../clock.ts';
import type { Clock } from '../clock.ts';
import { PayloadChangedError, PayloadGoneError, requireDelay, StoreAwayError } from './contract.ts';
import type { ClaimEvent, Delivery, Message, ReceiverOptions, SenderOptions, SendOptions, Ticket } from './contract.ts';

/** Puts large payloads into a store and sends a ticket for them. Payloads are held in memory as a whole: what is larger should be streamed. */
export class ClaimSender<Head> {
  readonly #options: Required<SenderOptions<Head>>;

  constructor(options: SenderOptions<Head>) {
    this.#options = { inlineBytes: 64 * 1_024, timeoutMs: 10_000, clock: systemClock, newKey: () => crypto.randomUUID(), ...options };
    const { longestLifeMs, keepMs, inlineBytes, timeoutMs } = this.#options;
    requireDelay('timeoutMs', timeoutMs);
    if (!(inlineBytes >= 0)) throw new RangeError(`inlineBytes must be at least 0: current value is ${inlineBytes}`);
    if (!(longestLifeMs > 0)) throw new RangeError(`longestLifeMs must be a positive number: current value is ${longestLifeMs}`);
    if (!(keepMs > longestLifeMs)) throw new RangeError(`keepMs must be more than longestLifeMs, ${longestLifeMs}: current value is ${keepMs}`);
  }

  // #region send
  /** @throws StoreAwayError, the reason of `signal` or what the book throws: nothing was sent; or what `send` throws: then the message may have arrived */
  async send(head: Head, payload: Uint8Array, { readers = [], key = this.#options.newKey(), signal }: SendOptions = {}): Promise<void> {
    signal?.throwIfAborted();
    const { store, book, send, keepMs, inlineBytes } = this.#options;
    if (payload.byteLength <= inlineBytes) return send({ head, payload });
    // A copy: what the caller does with its bytes meanwhile changes neither the sum nor what is stored.
    const bytes = payload.slice();
    const ticket = { key, bytes: bytes.byteLength, sha256: await sha256(bytes) };
    await book.open(key, readers, keepMs);
    await this.#inTime((limit) => store.put(key, bytes, keepMs, limit), signal);
    signal?.throwIfAborted();
    // Nothing is deleted if this fails: perhaps only the answer was lost, and somebody holds the ticket.
    await send({ head, ticket });
  }
  // #endregion send

  #inTime<Result>(run: (limit: AbortSignal) => Promise<Result>, signal?: AbortSignal): Promise<Result> {
    return inTime(this.#options.clock, this.#options.timeoutMs, run, signal);
  }
}

/** One of the readers: fetches what a ticket stands for, checks it, and gives it free when done. */
export class ClaimReceiver {
  readonly #options: Required<Omit<ReceiverOptions, 'onEvent'>> & Pick<ReceiverOptions, 'onEvent'>;

  constructor(options: ReceiverOptions) {
    this.#options = { timeoutMs: 10_000, clock: systemClock, ...options };
    requireDelay('timeoutMs', this.#options.timeoutMs);
  }

  // #region receive
  /**
   * Works on one message. Several copies of it may arrive, so `work` has to stand a repeat.
   * @throws what `work`, the book or the broker throws, or the reason of `signal`: the message comes again
   */
  async receive<Head>(delivery: Delivery<Head>, work: (head: Head, payload: Uint8Array) => Promise<void>, signal?: AbortSignal): Promise<void> {
    const { message, message: { ticket } } = delivery;
    // Whoever has done the work needs no payload, and that it is gone by now is no fault.
    if (await this.#isCopy(ticket)) return delivery.ack();
    let payload: Uint8Array;
    try {
      payload = await this.open(message, signal);
    } catch (error) {
      if (error instanceof StoreAwayError) return delivery.later();
      // Another copy may have been done while this one fetched.
      if (error instanceof PayloadGoneError && await this.#isCopy(ticket)) return delivery.ack();
      if (error instanceof PayloadGoneError || error instanceof PayloadChangedError) return delivery.aside(error);
      throw error;
    }
    await work(message.head, payload);
    await delivery.ack();
    // After the ack: the other way round, a crash in between leaves a message whose payload is gone.
    if (ticket !== undefined) await this.#release(ticket.key);
  }
  // #endregion receive

  // #region open
  /**
   * The payload as it was sent.
   * @throws StoreAwayError, PayloadGoneError, PayloadChangedError, the reason of `signal`
   */
  async open<Head>({ payload, ticket }: Message<Head>, signal?: AbortSignal): Promise<Uint8Array> {
    signal?.throwIfAborted();
    if (ticket === undefined) return payload;
    const { store, clock, timeoutMs } = this.#options;
    const found = await inTime(clock, timeoutMs, (limit) => store.get(ticket.key, limit), signal);
    // It was stored before the ticket was sent, so it is not late.
    if (found === undefined) throw new PayloadGoneError(`there is nothing under '${ticket.key}'`);
    if (!await isSame(found, ticket)) throw new PayloadChangedError(`what lies under '${ticket.key}' is not what was sent`);
    return found;
  }
  // #endregion open

  async #isCopy(ticket: Ticket | undefined): Promise<boolean> {
    const { book, name } = this.#options;
    if (ticket === undefined || !await book.isDone(ticket.key, name)) return false;
    this.#emit(ticket.key, { type: 'copy' });
    return true;
  }

  async #release(key: string): Promise<void> {
    const { name, store, book, clock, timeoutMs } = this.#options;
    try {
      if (!await book.done(key, name)) return;
      await inTime(clock, timeoutMs, (limit) => store.delete(key, limit));
      this.#emit(key, { type: 'deleted' });
    } catch (error) {
      this.#emit(key, { type: 'left', error });
    }
  }

  #emit(key: string, occurrence: { type: 'copy' | 'deleted' } | { type: 'left'; error: unknown }): void {
    const { name, clock, onEvent } = this.#options;
    const event: ClaimEvent = { reader: name, atMs: clock.now(), key, ...occurrence };
    onEvent?.(event);
  }
}

async function isSame(payload: Uint8Array, { bytes, sha256: sum }: Ticket): Promise<boolean> {
  return payload.byteLength === bytes && await sha256(payload) === sum;
}

async function sha256(bytes: Uint8Array): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', bytes.slice());
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Every failure of the store is the same to us: it is away. The caller's own leaving is not. */
async function inTime<Result>(clock: Clock, timeoutMs: number, run: (limit: AbortSignal) => Promise<Result>, signal?: AbortSignal): Promise<Result> {
  signal?.throwIfAborted();
  const limit = new AbortController();
  const leave = (): void => limit.abort(signal?.reason);
  const timer = clock.setTimeout(() => limit.abort(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
  signal?.addEventListener('abort', leave, { once: true });
  try {
    return await run(limit.signal);
  } catch (cause) {
    signal?.throwIfAborted();
    throw new StoreAwayError('the store of payloads does not answer', { cause });
  } finally {
    clock.clearTimeout(timer);
    signal?.removeEventListener('abort', leave);
  }
}
