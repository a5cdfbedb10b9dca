import { systemClock } from '../clock.ts';
import type { CursorTransaction, Delivery, Draft, Filter, Message, Open, Standing, TopicEvent, TopicOptions, TopicStore } from './contract.ts';
import { requireCount, requireOptions } from './requirements.ts';

type Occurrence = TopicEvent extends infer Event ? Event extends TopicEvent ? Omit<Event, 'topic' | 'atMs'> : never : never;
type Change<Body, Result> = (transaction: CursorTransaction<Body>, say: (occurrence: Occurrence) => void) => Promise<Result>;

/**
 * A durable topic: each subscription gets every message that matches its filter, at least once, at its own speed.
 * Order holds for each key within a subscription, but for dead letters, which their successors overtake.
 * A subscription that falls further behind than the retention loses what it has not read, and is told how much.
 * Leases and receipts as in Amazon SQS, cursors as in Kafka, filter and dead letters per subscription as in Google Pub/Sub.
 */
export class Topic<Body> {
  readonly #store: TopicStore<Body>;
  readonly #options: Required<TopicOptions>;

  constructor(store: TopicStore<Body>, options: TopicOptions) {
    this.#store = store;
    this.#options = {
      leaseMs: 30_000, maxDeliveries: 5, baseDelayMs: 500, maxDelayMs: 60_000, window: 100,
      retentionMs: 7 * 24 * 3_600_000, maxMessages: 100_000, maxDeadLetters: 1_000,
      clock: systemClock, random: Math.random, onEvent: () => {}, ...options,
    };
    requireOptions(this.#options);
  }

  // #region publish
  /** Resolves with the position as soon as the message is stored; waits for no subscriber. */
  async publish(draft: Draft<Body>, signal?: AbortSignal): Promise<number> {
    signal?.throwIfAborted();
    const { clock, retentionMs, maxMessages } = this.#options;
    await this.#store.trim(clock.now() - retentionMs, maxMessages - 1);
    const position = await this.#store.append(draft, clock.now());
    this.#emit({ type: 'published', position });
    return position;
  }

  /** A known subscription keeps its place; a new filter holds for what it has not read. */
  subscribe(name: string, filter: Filter = {}, from: 'now' | 'beginning' = 'now'): Promise<void> {
    return this.#store.subscribe(name, filter, from);
  }
  // #endregion publish

  /** Forgets the subscription with its place and its dead letters. */
  unsubscribe(name: string): Promise<void> {
    return this.#store.unsubscribe(name);
  }

  // #region pull
  /**
   * Hands out up to `most` messages, each for the length of a lease.
   * @throws UnknownSubscriptionError
   */
  async pull(name: string, most: number): Promise<Delivery<Body>[]> {
    requireCount({ most });
    return this.#change(name, async (transaction, say) => {
      const { cursor, oldest } = transaction;
      const { clock, window, leaseMs } = this.#options;
      const nowMs = clock.now();
      const messages = oldest - 1 - cursor.read;
      if (messages > 0) {
        say({ type: 'lost', subscription: name, messages });
        cursor.read = oldest - 1;
      }
      for (let more = true; more && cursor.open.length < window; ) {
        const page = await transaction.read(cursor.read, window - cursor.open.length);
        more = page.length > 0;
        cursor.read = page.at(-1)?.position ?? cursor.read;
        const wanted = page.filter((message) => matches(message, cursor.filter));
        cursor.open.push(...wanted.map(unopened));
      }
      for (const open of cursor.open.filter(({ receipt, untilMs }) => receipt > 0 && untilMs <= nowMs)) {
        this.#fail(name, open, `no answer within ${leaseMs} ms`, false, transaction, say);
      }
      const deliveries: Delivery<Body>[] = [];
      const busy = new Set(cursor.open.filter(({ receipt }) => receipt > 0).map(({ message }) => message.key));
      for (const open of cursor.open) {
        if (deliveries.length === most) break;
        const { message } = open;
        const isBehind = message.key !== undefined && busy.has(message.key);
        busy.add(message.key);
        if (isBehind || open.untilMs > nowMs) continue;
        open.deliveries += 1;
        open.receipt = cursor.receipt += 1;
        open.untilMs = nowMs + leaseMs;
        const delivery = { subscription: name, message, deliveries: open.deliveries, receipt: open.receipt, leaseMs };
        deliveries.push(delivery);
        say(told('delivered', delivery));
      }
      return deliveries;
    });
  }
  // #endregion pull

  // #region settle
  /** Done. @returns false, and changes nothing, if the lease had run out and the message is no longer in these hands */
  acknowledge(delivery: Delivery<Body>): Promise<boolean> {
    return this.#settle(delivery, (open, { cursor }, say) => {
      cursor.open.splice(cursor.open.indexOf(open), 1);
      say(told('acknowledged', delivery));
    });
  }

  /** Not done: again after a while, and the later messages of its key wait; dead if that was the last try, or `hopeless`. */
  giveBack(delivery: Delivery<Body>, reason: string, hopeless = false): Promise<boolean> {
    return this.#settle(delivery, (open, transaction, say) => this.#fail(delivery.subscription, open, reason, hopeless, transaction, say));
  }

  #settle(delivery: Delivery<Body>, settle: (open: Open<Body>, ...change: Parameters<Change<Body, void>>) => void): Promise<boolean> {
    return this.#change(delivery.subscription, async (transaction, say) => {
      const { receipt, message: { position } } = delivery;
      const open = transaction.cursor.open.find((each) => each.receipt === receipt && each.message.position === position);
      if (open === undefined) say(told('late', delivery));
      else settle(open, transaction, say);
      return open !== undefined;
    });
  }

  /** The dead letter and the cursor change together, so a message cannot fall between them. */
  #fail(name: string, open: Open<Body>, reason: string, hopeless: boolean, { cursor, deadLetters, bury }: CursorTransaction<Body>, say: (occurrence: Occurrence) => void): void {
    const { maxDeliveries, maxDeadLetters, baseDelayMs, maxDelayMs, clock, random } = this.#options;
    const { message, deliveries } = open;
    const told = { subscription: name, position: message.position, deliveries };
    const isOver = hopeless || deliveries >= maxDeliveries;
    if (isOver && deadLetters.length < maxDeadLetters) {
      bury({ message, deliveries, reason, diedMs: clock.now() });
      cursor.open.splice(cursor.open.indexOf(open), 1);
      return say({ type: 'died', ...told });
    }
    if (isOver) say({ type: 'full', subscription: name, position: message.position });
    const delayMs = random() * Math.min(maxDelayMs, baseDelayMs * 2 ** (deliveries - 1));
    open.receipt = 0;
    open.untilMs = clock.now() + delayMs;
    say({ type: 'failed', ...told, delayMs, reason });
  }
  // #endregion settle

  /** Gives a dead letter another `maxDeliveries`, for this subscription alone. @returns false if there is none at this position */
  redrive(name: string, position: number): Promise<boolean> {
    return this.#change(name, async ({ cursor, deadLetters, exhume }, say) => {
      const letter = deadLetters.find(({ message }) => message.position === position);
      if (letter === undefined) return false;
      exhume(position);
      cursor.open.push(unopened(letter.message));
      cursor.open.sort((one, other) => one.message.position - other.message.position);
      say({ type: 'redriven', subscription: name, position, deliveries: letter.deliveries });
      return true;
    });
  }

  /** For metrics and alerts. */
  standing(name: string): Promise<Standing> {
    return this.#change(name, async ({ cursor, newest, oldest, read, deadLetters }) => {
      const [next] = cursor.open.length > 0 ? cursor.open.map(({ message }) => message) : await read(Math.max(cursor.read, oldest - 1), 1);
      const ageMs = next === undefined ? 0 : this.#options.clock.now() - next.publishedMs;
      return { unread: newest - cursor.read, open: cursor.open.length, deadLetters: deadLetters.length, ageMs };
    });
  }

  /** What happened is told when it is stored. */
  async #change<Result>(name: string, change: Change<Body, Result>): Promise<Result> {
    const happened: Occurrence[] = [];
    const result = await this.#store.transaction(name, (transaction) => change(transaction, (occurrence) => happened.push(occurrence)));
    for (const occurrence of happened) this.#emit(occurrence);
    return result;
  }

  #emit(occurrence: Occurrence): void {
    const { name, clock, onEvent } = this.#options;
    onEvent({ topic: name, atMs: clock.now(), ...occurrence });
  }
}

function matches({ attributes = {} }: Message<unknown>, filter: Filter): boolean {
  return Object.entries(filter).every(([name, values]) => values.includes(attributes[name] ?? ''));
}

function unopened<Body>(message: Message<Body>): Open<Body> {
  return { message, deliveries: 0, receipt: 0, untilMs: 0 };
}

function told(type: 'delivered' | 'acknowledged' | 'late', { subscription, message: { position }, deliveries }: Delivery<unknown>) {
  return { type, subscription, position, deliveries };
}
