import type { Simulation } from './simulation.ts';

export interface CacheOptions {
  /** Entries that fit; the one that was longest not used makes room. Without a bound when left out. */
  capacity?: number;
  /** Age at which an entry is gone. Never when left out. */
  ttlMs?: number;
}

interface Entry<Value> { value: Value; expiresMs: number }

/** A cache that loses entries by age and by room. An aged entry takes its room until somebody looks or it is the least used. */
export class Cache<Key, Value> {
  readonly #simulation: Simulation;
  readonly #capacity: number;
  readonly #ttlMs: number;
  /** In order of use, the least recent first. */
  readonly #entries = new Map<Key, Entry<Value>>();
  #hits = 0;
  #misses = 0;
  #evictions = 0;

  constructor(simulation: Simulation, { capacity = Infinity, ttlMs = Infinity }: CacheOptions = {}) {
    this.#simulation = simulation;
    this.#capacity = capacity;
    this.#ttlMs = ttlMs;
  }

  get size(): number {
    return this.#entries.size;
  }

  get hits(): number {
    return this.#hits;
  }

  get misses(): number {
    return this.#misses;
  }

  /** Entries that had to make room, aged ones among them. */
  get evictions(): number {
    return this.#evictions;
  }

  /** Counts a hit, which makes the entry the most recently used one, or a miss. */
  get(key: Key): Value | undefined {
    const entry = this.#entries.get(key);
    this.#entries.delete(key);
    if (entry === undefined || entry.expiresMs <= this.#simulation.now()) {
      this.#misses += 1;
      return undefined;
    }
    this.#entries.set(key, entry);
    this.#hits += 1;
    return entry.value;
  }

  /** @param ttlMs of this entry alone, for example with jitter */
  set(key: Key, value: Value, ttlMs = this.#ttlMs): void {
    this.#entries.delete(key);
    if (this.#entries.size >= this.#capacity) {
      const [leastUsed] = this.#entries.keys();
      if (leastUsed === undefined) return;
      this.#entries.delete(leastUsed);
      this.#evictions += 1;
    }
    this.#entries.set(key, { value, expiresMs: this.#simulation.now() + ttlMs });
  }

  delete(key: Key): void {
    this.#entries.delete(key);
  }

  /** As after a restart. */
  clear(): void {
    this.#entries.clear();
  }
}
