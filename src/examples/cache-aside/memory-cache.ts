import type { Clock } from '../clock.ts';
import type { Look, SharedCache } from './contract.ts';

type Slot<Value> = { untilMs: number } & ({ state: 'hit'; value: Value | undefined } | { state: 'busy'; lease: number } | { state: 'held' });

/** Stands in for Redis or Memcached: a bounded number of entries, those used least recently go first. */
export class MemoryCache<Value> implements SharedCache<Value> {
  readonly #clock: Clock;
  readonly #maxEntries: number;
  /** In order of use, the least recent first. */
  readonly #slots = new Map<string, Slot<Value>>();
  #lastLease = 0;

  constructor(clock: Clock, maxEntries: number) {
    if (!Number.isSafeInteger(maxEntries) || maxEntries < 1) throw new RangeError(`maxEntries must be a positive integer: current value is ${maxEntries}`);
    this.#clock = clock;
    this.#maxEntries = maxEntries;
  }

  get size(): number {
    return this.#slots.size;
  }

  // #region leases
  async look(key: string, leaseMs: number): Promise<Look<Value>> {
    const slot = this.#slot(key);
    if (slot !== undefined) {
      this.#put(key, slot);
      return slot.state === 'hit' ? { state: 'hit', value: slot.value } : { state: slot.state };
    }
    const lease = (this.#lastLease += 1);
    this.#put(key, { state: 'busy', lease, untilMs: this.#clock.now() + leaseMs });
    return { state: 'leased', lease };
  }

  async keep(key: string, lease: number, value: Value | undefined, ttlMs: number): Promise<boolean> {
    if (!this.#stands(key, lease)) return false;
    this.#put(key, { state: 'hit', value, untilMs: this.#clock.now() + ttlMs });
    return true;
  }

  async release(key: string, lease: number): Promise<void> {
    if (this.#stands(key, lease)) this.#slots.delete(key);
  }

  async forget(key: string, holdMs: number): Promise<void> {
    this.#slots.delete(key);
    if (holdMs > 0) this.#put(key, { state: 'held', untilMs: this.#clock.now() + holdMs });
  }
  // #endregion leases

  /** As after a restart. Leases from before it stand no more. */
  clear(): void {
    this.#slots.clear();
  }

  #stands(key: string, lease: number): boolean {
    const slot = this.#slot(key);
    return slot?.state === 'busy' && slot.lease === lease;
  }

  #slot(key: string): Slot<Value> | undefined {
    const slot = this.#slots.get(key);
    if (slot === undefined || this.#clock.now() < slot.untilMs) return slot;
    this.#slots.delete(key);
    return undefined;
  }

  #put(key: string, slot: Slot<Value>): void {
    this.#slots.delete(key);
    this.#slots.set(key, slot);
    if (this.#slots.size <= this.#maxEntries) return;
    const [oldest] = this.#slots.keys();
    this.#slots.delete(oldest as string);
  }
}
