import { UnknownSubscriptionError } from './contract.ts';
import type { Cursor, CursorTransaction, DeadLetter, Draft, Filter, Message, TopicStore } from './contract.ts';

interface Subscription<Body> {
  cursor: Cursor<Body>;
  deadLetters: readonly DeadLetter<Body>[];
  /** Settles when the transactions before are over. */
  turn: Promise<unknown>;
}

/** Keeps a topic for as long as the process lives; for tests and simulations. */
export class MemoryStore<Body> implements TopicStore<Body> {
  readonly #messages: Message<Body>[] = [];
  readonly #subscriptions = new Map<string, Subscription<Body>>();
  #newest = 0;

  async append(draft: Draft<Body>, publishedMs: number): Promise<number> {
    this.#newest += 1;
    this.#messages.push({ ...draft, position: this.#newest, publishedMs });
    return this.#newest;
  }

  async trim(olderThanMs: number, most: number): Promise<void> {
    const young = this.#messages.findIndex(({ publishedMs }) => publishedMs >= olderThanMs);
    this.#messages.splice(0, Math.max(young < 0 ? this.#messages.length : young, this.#messages.length - most));
  }

  async subscribe(name: string, filter: Filter, from: 'now' | 'beginning'): Promise<void> {
    const known = this.#subscriptions.get(name);
    if (known !== undefined) await this.transaction(name, async ({ cursor }) => void (cursor.filter = filter));
    else this.#subscriptions.set(name, { cursor: { filter, read: from === 'now' ? this.#newest : this.#oldest() - 1, open: [], receipt: 0 }, deadLetters: [], turn: Promise.resolve() });
  }

  async unsubscribe(name: string): Promise<void> {
    this.#subscriptions.delete(name);
  }

  async transaction<Result>(name: string, work: (transaction: CursorTransaction<Body>) => Promise<Result>): Promise<Result> {
    const subscription = this.#subscriptions.get(name);
    if (subscription === undefined) throw new UnknownSubscriptionError(name);
    const result = subscription.turn.then(() => this.#run(subscription, work));
    subscription.turn = result.catch(() => {});
    return result;
  }

  async #run<Result>(subscription: Subscription<Body>, work: (transaction: CursorTransaction<Body>) => Promise<Result>): Promise<Result> {
    const cursor = { ...subscription.cursor, open: subscription.cursor.open.map((each) => ({ ...each })) };
    let { deadLetters } = subscription;
    const oldest = this.#oldest();
    const result = await work({
      cursor, oldest, newest: this.#newest,
      read: async (after, limit) => this.#messages.slice(Math.max(0, after + 1 - oldest), Math.max(0, after + 1 - oldest) + limit),
      get deadLetters() {
        return deadLetters;
      },
      bury: (letter) => void (deadLetters = [...deadLetters, letter]),
      exhume: (position) => void (deadLetters = deadLetters.filter(({ message }) => message.position !== position)),
    });
    Object.assign(subscription, { cursor, deadLetters });
    return result;
  }

  #oldest(): number {
    return this.#newest - this.#messages.length + 1;
  }
}
