import type { Fact, Store, StoreTransaction } from './contract.ts';

/** Stands in for the database of a service. It outlives the process; what a transaction did not finish has not happened. */
export class MemoryStore implements Store {
  /** Called after the commit with what the transaction told: the relay of the outbox. */
  readonly #relay: (fact: Fact) => void;
  readonly #kept = new Map<string, unknown>();
  #last: Promise<unknown> = Promise.resolve();

  constructor(relay: (fact: Fact) => void) {
    this.#relay = relay;
  }

  transaction<Result>(work: (open: StoreTransaction) => Promise<Result>): Promise<Result> {
    const result = this.#last.then(() => this.#run(work));
    this.#last = result.catch(() => {});
    return result;
  }

  async #run<Result>(work: (open: StoreTransaction) => Promise<Result>): Promise<Result> {
    const changed = new Map<string, unknown>();
    const told: Fact[] = [];
    const result = await work({
      get: async <Value>(key: string) => (changed.get(key) ?? this.#kept.get(key)) as Value | undefined,
      put: async (key, value) => void changed.set(key, value),
      list: async <Value>(prefix: string) => [...new Map([...this.#kept, ...changed])].filter(([key]) => key.startsWith(prefix)).map(([, value]) => value as Value),
      tell: async (fact) => void told.push(fact),
    });
    for (const [key, value] of changed) this.#kept.set(key, value);
    for (const fact of told) this.#relay(fact);
    return result;
  }
}
