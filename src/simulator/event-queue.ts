export interface TimedEvent { atMs: number; callback: () => void }

/** Fewer cancelled events than this are not worth a tidying. */
const tolerated = 64;

/**
 * Events in order of time, then of creation: a binary heap over plain arrays. A cancelled event lets go of its callback
 * at once and of its place when half of the heap is cancelled, so timeouts that rarely fire cost no memory.
 */
export class EventQueue {
  #count = 0;
  #nextId = 1;
  readonly #times: number[] = [];
  readonly #ids: number[] = [];
  /** Callbacks of events that are neither cancelled nor past. */
  readonly #callbacks = new Map<number, () => void>();

  /** Places taken, those of cancelled events among them. */
  get size(): number {
    return this.#count;
  }

  /** @returns a number above 0 by which the event can be cancelled */
  add(atMs: number, callback: () => void): number {
    const id = this.#nextId++;
    this.#callbacks.set(id, callback);
    this.#rise(this.#count++, atMs, id);
    return id;
  }

  /** Does nothing for an event that is past, cancelled or unknown. */
  cancel(id: number): void {
    if (this.#callbacks.delete(id) && this.#count > tolerated && this.#count > 2 * this.#callbacks.size) this.#tidy();
  }

  /** Takes the next event out, unless it lies behind `untilMs`. */
  next(untilMs: number): TimedEvent | undefined {
    while (this.#count > 0) {
      const atMs = this.#times[0] as number;
      if (atMs > untilMs) return undefined;
      const id = this.#ids[0] as number;
      const last = --this.#count;
      if (last > 0) this.#sink(0, this.#times[last] as number, this.#ids[last] as number);
      const callback = this.#callbacks.get(id);
      if (callback === undefined) continue;
      this.#callbacks.delete(id);
      return { atMs, callback };
    }
    return undefined;
  }

  /** Keeps what is not cancelled, and makes a heap of it again from its last parent up. */
  #tidy(): void {
    let kept = 0;
    for (let at = 0; at < this.#count; at++) {
      const id = this.#ids[at] as number;
      if (!this.#callbacks.has(id)) continue;
      this.#times[kept] = this.#times[at] as number;
      this.#ids[kept++] = id;
    }
    this.#count = this.#times.length = this.#ids.length = kept;
    for (let at = (kept >> 1) - 1; at >= 0; at--) this.#sink(at, this.#times[at] as number, this.#ids[at] as number);
  }

  /** Puts an event where nothing stands, or higher. */
  #rise(place: number, atMs: number, id: number): void {
    let at = place;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const parentMs = this.#times[parent] as number;
      // A new event has the largest id of all, so it stays behind another of the same time.
      if (parentMs <= atMs) break;
      this.#put(at, parentMs, this.#ids[parent] as number);
      at = parent;
    }
    this.#put(at, atMs, id);
  }

  /** Puts an event where nothing stands, or lower. */
  #sink(place: number, atMs: number, id: number): void {
    const half = this.#count >> 1;
    let at = place;
    while (at < half) {
      let child = 2 * at + 1;
      if (child + 1 < this.#count && this.#isBefore(child + 1, this.#times[child] as number, this.#ids[child] as number)) child++;
      if (!this.#isBefore(child, atMs, id)) break;
      this.#put(at, this.#times[child] as number, this.#ids[child] as number);
      at = child;
    }
    this.#put(at, atMs, id);
  }

  #put(at: number, atMs: number, id: number): void {
    this.#times[at] = atMs;
    this.#ids[at] = id;
  }

  #isBefore(at: number, otherMs: number, otherId: number): boolean {
    const ms = this.#times[at] as number;
    return ms < otherMs || (ms === otherMs && (this.#ids[at] as number) < otherId);
  }
}
