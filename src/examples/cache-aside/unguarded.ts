/** A store as clients of Redis show it: what is set is there, whoever set it. */
export interface PlainCache<Value> {
  get(key: string): Promise<{ value: Value } | undefined>;
  set(key: string, value: Value, ttlMs: number): Promise<void>;
  delete(key: string): Promise<void>;
}

/** Cache-aside as it stands in most programs, for comparison: everybody loads, and the last to store wins. */
export class UnguardedCacheAside<Value> {
  readonly #cache: PlainCache<Value>;
  readonly #load: (key: string) => Promise<Value>;
  readonly #ttlMs: number;

  constructor(cache: PlainCache<Value>, load: (key: string) => Promise<Value>, ttlMs: number) {
    this.#cache = cache;
    this.#load = load;
    this.#ttlMs = ttlMs;
  }

  async get(key: string): Promise<Value> {
    const found = await this.#cache.get(key);
    if (found !== undefined) return found.value;
    const value = await this.#load(key);
    await this.#cache.set(key, value, this.#ttlMs);
    return value;
  }

  async write(key: string, change: () => Promise<void>): Promise<void> {
    await change();
    await this.#cache.delete(key);
  }
}
