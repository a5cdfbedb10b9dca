import type { Clock } from '../clock.ts';
import type { Look, SharedCache } from './contract.ts';

/** `untilMs`: end of the value or of the lease. `limitMs`: end of the hold under which it came to be. */
type Slot<Value> = { untilMs: number; limitMs: number } & ({ state: 'hit'; value: Value | undefined } | { state: 'busy'; lease: number } | { state: 'free' });

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
    const nowMs = this.#clock.now();
    const slot = this.#slots.get(key);
    if (slot !== undefined && slot.state !== 'free' && nowMs < slot.untilMs) {
      this.#put(key, slot);
      return slot.state === 'hit' ? { state: 'hit', value: slot.value } : { state: 'busy' };
    }
    const lease = (this.#lastLease += 1);
    const limitMs = slot !== undefined && nowMs < slot.limitMs ? slot.limitMs : Infinity;
    this.#put(key, { state: 'busy', lease, untilMs: nowMs + leaseMs, limitMs });
    return { state: 'leased', lease };
  }

  async keep(key: string, lease: number, value: Value | undefined, ttlMs: number): Promise<boolean> {
    const slot = this.#slots.get(key);
    if (!this.#stands(slot, lease)) return false;
    const { limitMs } = slot;
    this.#put(key, { state: 'hit', value, untilMs: Math.min(this.#clock.now() + ttlMs, limitMs), limitMs });
    return true;
  }

  async release(key: string, lease: number): Promise<void> {
    const slot = this.#slots.get(key);
    if (this.#stands(slot, lease)) slot.untilMs = this.#clock.now();
  }

  async forget(key: string, holdMs: number): Promise<void> {
    if (holdMs === 0) this.#slots.delete(key);
    else this.#put(key, { state: 'free', untilMs: 0, limitMs: this.#clock.now() + holdMs });
  }
  // #endregion leases

  /** As after a restart. Leases from before it stand no more. */
  clear(): void {
    this.#slots.clear();
  }

  #stands(slot: Slot<Value> | undefined, lease: number): slot is Slot<Value> {
    return slot?.state === 'busy' && slot.lease === lease && this.#clock.now() < slot.untilMs;
  }

  #put(key: string, slot: Slot<Value>): void {
    this.#slots.delete(key);
    this.#slots.set(key, slot);
    if (this.#slots.size <= this.#maxEntries) return;
    const [oldest] = this.#slots.keys();
    this.#slots.delete(oldest as string);
  }
}
