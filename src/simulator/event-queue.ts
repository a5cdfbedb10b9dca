/** Fewer cancelled events than this are not worth a tidying. */
const tolerated = 64;

export interface TimedEvent { readonly atMs: number; readonly id: number; readonly callback: () => void }

/**
 * Events in order of time, then of creation: a binary heap. Cancelled events leave it when they are half of it, so timeouts
 * that rarely fire cost next to no memory; an event that is over costs one empty place in a list.
 */
export class EventQueue {
  /** By their numbers, from 1; nothing for those that are cancelled or past. */
  readonly #waiting: (TimedEvent | undefined)[] = [undefined];
  #heap: TimedEvent[] = [];
  #cancelled = 0;

  /** Places taken, those of cancelled events among them. */
  get size(): number {
    return this.#heap.length;
  }

  /** @returns a number above 0 by which the event can be cancelled */
  add(atMs: number, callback: () => void): number {
    const event = { atMs, id: this.#waiting.length, callback };
    this.#waiting.push(event);
    // Rises as long as it is earlier than what stands above.
    let at = this.#heap.length;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = this.#heap[parent]!;
      // Nothing is younger than a new event, so it stays behind others of its time.
      if (above.atMs <= atMs) break;
      this.#heap[at] = above;
      at = parent;
    }
    this.#heap[at] = event;
    return event.id;
  }

  /** Does nothing for an event that is past, cancelled or unknown. */
  cancel(id: number): void {
    if (this.#waiting[id] === undefined) return;
    this.#waiting[id] = undefined;
    this.#cancelled += 1;
    if (this.size <= tolerated || this.size >= 2 * this.#cancelled) return;
    // What is in order is a heap.
    this.#heap = this.#heap.filter((event) => this.#waiting[event.id] === event).sort((one, other) => one.atMs - other.atMs || one.id - other.id);
    this.#cancelled = 0;
  }

  /** Takes the next event out, unless it lies behind `untilMs`. */
  next(untilMs: number): TimedEvent | undefined {
    for (;;) {
      const first = this.#heap[0];
      if (first === undefined || first.atMs > untilMs) return undefined;
      this.#sink(this.#heap.pop()!);
      if (this.#waiting[first.id] !== undefined) {
        this.#waiting[first.id] = undefined;
        return first;
      }
      this.#cancelled -= 1;
    }
  }

  /** Puts the last event in the first place, or as much lower as what stands below is earlier. */
  #sink(last: TimedEvent): void {
    const { length } = this.#heap;
    if (length === 0) return;
    let at = 0;
    for (let child = 1; child < length; child = 2 * at + 1) {
      if (child + 1 < length && isBefore(this.#heap[child + 1]!, this.#heap[child]!)) child += 1;
      if (!isBefore(this.#heap[child]!, last)) break;
      this.#heap[at] = this.#heap[child]!;
      at = child;
    }
    this.#heap[at] = last;
  }
}

function isBefore(one: TimedEvent, other: TimedEvent): boolean {
  return one.atMs < other.atMs || (one.atMs === other.atMs && one.id < other.id);
}
