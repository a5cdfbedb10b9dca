export interface TimedEvent { atMs: number; callback: () => void }

/** Fewer cancelled events than this are not worth a tidying. */
const tolerated = 64;

/** An event's number is its place in the order of creation times this, plus the slot that holds its callback. */
const slotCount = 2 ** 22;
const nobody = -1;

/**
 * Events in order of time, then of creation: a binary heap over plain arrays. A cancelled event lets go of its callback
 * at once and of its place when half of the heap is cancelled, so timeouts that rarely fire cost no memory.
 */
export class EventQueue {
  #created = 0;
  #cancelled = 0;
  #size = 0;
  readonly #times: number[] = [];
  readonly #ids: number[] = [];
  /** Callbacks of events that are neither cancelled nor past, each with the number of its event. */
  readonly #callbacks: ((() => void) | undefined)[] = [];
  readonly #owners: number[] = [];
  readonly #freeSlots: number[] = [];

  /** Places taken, those of cancelled events among them. */
  get size(): number {
    return this.#size;
  }

  /** @returns a number above 0 by which the event can be cancelled */
  add(atMs: number, callback: () => void): number {
    const slot = this.#freeSlots.pop() ?? this.#owners.length;
    if (slot === slotCount) throw new RangeError(`more than ${slotCount} events are waiting`);
    const id = ++this.#created * slotCount + slot;
    this.#callbacks[slot] = callback;
    this.#owners[slot] = id;
    this.#rise(this.#size++, atMs, id);
    return id;
  }

  /** Does nothing for an event that is past, cancelled or unknown. */
  cancel(id: number): void {
    if (this.#release(id) === undefined) return;
    this.#cancelled += 1;
    if (this.#size > tolerated && this.#size < 2 * this.#cancelled) this.#tidy();
  }

  /** Takes the next event out, unless it lies behind `untilMs`. */
  next(untilMs: number): TimedEvent | undefined {
    while (this.#size > 0) {
      const atMs = this.#times[0] as number;
      if (atMs > untilMs) return undefined;
      const id = this.#ids[0] as number;
      const last = --this.#size;
      if (last > 0) this.#sink(0, this.#times[last] as number, this.#ids[last] as number);
      const callback = this.#release(id);
      if (callback !== undefined) return { atMs, callback };
      this.#cancelled -= 1;
    }
    return undefined;
  }

  /** Takes the callback out of its slot, unless the event is past or cancelled and the slot empty or another's. */
  #release(id: number): (() => void) | undefined {
    const slot = slotOf(id);
    if (this.#owners[slot] !== id) return undefined;
    const callback = this.#callbacks[slot];
    this.#callbacks[slot] = undefined;
    this.#owners[slot] = nobody;
    this.#freeSlots.push(slot);
    return callback;
  }

  /** Keeps what is not cancelled, and makes a heap of it again from its last parent up. */
  #tidy(): void {
    let kept = 0;
    for (let at = 0; at < this.#size; at++) {
      const id = this.#ids[at] as number;
      if (this.#owners[slotOf(id)] === id) this.#put(kept++, this.#times[at] as number, id);
    }
    this.#cancelled = 0;
    this.#size = this.#times.length = this.#ids.length = kept;
    for (let at = (kept >> 1) - 1; at >= 0; at--) this.#sink(at, this.#times[at] as number, this.#ids[at] as number);
  }

  /** Puts a new event where nothing stands, or higher. */
  #rise(place: number, atMs: number, id: number): void {
    let at = place;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const parentMs = this.#times[parent] as number;
      // Nothing is younger than a new event, so it stays behind others of its time.
      if (parentMs <= atMs) break;
      this.#put(at, parentMs, this.#ids[parent] as number);
      at = parent;
    }
    this.#put(at, atMs, id);
  }

  /** Puts an event where nothing stands, or lower. */
  #sink(place: number, atMs: number, id: number): void {
    const firstLeaf = this.#size >> 1;
    let at = place;
    while (at < firstLeaf) {
      let child = 2 * at + 1;
      if (child + 1 < this.#size && this.#isBefore(child + 1, this.#times[child] as number, this.#ids[child] as number)) child++;
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

function slotOf(id: number): number {
  return id - Math.floor(id / slotCount) * slotCount;
}
