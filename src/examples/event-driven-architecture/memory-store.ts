import type { Envelope, Store, StoreTransaction } from './contract.ts';

/** Stands in for the service's database. Keeps the last `maxRemembered` events in mind. */
export class MemoryStore implements Store {
  readonly #maxRemembered: number;
  readonly #kept = new Map<string, unknown>();
  readonly #remembered = new Set<string>();
  readonly #outbox: Envelope[] = [];
  #last: Promise<unknown> = Promise.resolve();

  constructor(maxRemembered = 10_000) {
    this.#maxRemembered = maxRemembered;
  }

  transaction<Result>(work: (transaction: StoreTransaction) => Promise<Result>): Promise<Result> {
    const result = this.#last.then(() => this.#run(work));
    this.#last = result.catch(() => {});
    return result;
  }

  kept(key: string): unknown {
    return this.#kept.get(key);
  }

  /** What a relay would read: the oldest first. It stays until `sent`. */
  get outbox(): readonly Envelope[] {
    return this.#outbox;
  }

  sent(envelope: Envelope): void {
    this.#outbox.splice(this.#outbox.indexOf(envelope), 1);
  }

  async #run<Result>(work: (transaction: StoreTransaction) => Promise<Result>): Promise<Result> {
    const changed = new Map<string, unknown>();
    const remembered: string[] = [];
    const outgoing: Envelope[] = [];
    const result = await work({
      get: async (key) => structuredClone(changed.has(key) ? changed.get(key) : this.#kept.get(key)),
      put: (key, value) => changed.set(key, structuredClone(value)),
      remember: async (event) => {
        if (this.#remembered.has(event)) return false;
        remembered.push(event);
        return true;
      },
      append: (envelope) => outgoing.push(structuredClone(envelope)),
    });
    for (const [key, value] of changed) this.#kept.set(key, value);
    for (const event of remembered) this.#remembered.add(event);
    for (const event of this.#remembered) {
      if (this.#remembered.size <= this.#maxRemembered) break;
      this.#remembered.delete(event);
    }
    this.#outbox.push(...outgoing);
    return result;
  }
}
