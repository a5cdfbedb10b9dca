export interface TimedEvent { readonly atMs: number; readonly id: number; readonly callback: () => void }

/** Fewer cancelled events than this are not worth a tidying. */
const tolerated = 64;

/**
 * Events in order of time, then of creation: a list, the next one at its end. Letting one in moves those that come after it,
 * a copy of some KB where thousands wait; a heap would be faster only beyond that, and longer.
 * Cancelled events leave when they are half of the list, so timeouts that rarely fire cost next to no memory.
 */
export class EventQueue {
  #events: TimedEvent[] = [];
  /** By the number of the event, from 1: whether it is still to come. */
  readonly #isWaiting: boolean[] = [false];
  #cancelled = 0;

  /** Places taken, those of cancelled events among them. */
  get size(): number {
    return this.#events.length;
  }

  /** @returns a number above 0 by which the event can be cancelled */
  add(atMs: number, callback: () => void): number {
    const id = this.#isWaiting.push(true) - 1;
    // Before all of its time, since these were there first.
    let [from, until] = [0, this.size];
    while (from < until) {
      const middle = (from + until) >> 1;
      if (this.#events[middle]!.atMs > atMs) from = middle + 1;
      else until = middle;
    }
    this.#events.splice(from, 0, { atMs, id, callback });
    return id;
  }

  /** Does nothing for an event that is past, cancelled or unknown. */
  cancel(id: number): void {
    if (!this.#isWaiting[id]) return;
    this.#isWaiting[id] = false;
    this.#cancelled += 1;
    if (this.size <= tolerated || this.size >= 2 * this.#cancelled) return;
    this.#events = this.#events.filter((event) => this.#isWaiting[event.id]);
    this.#cancelled = 0;
  }

  /** Takes the next event out, unless it lies behind `untilMs`. */
  next(untilMs: number): TimedEvent | undefined {
    for (let event; (event = this.#events.at(-1)) !== undefined && event.atMs <= untilMs;) {
      this.#events.pop();
      if (this.#isWaiting[event.id]) {
        this.#isWaiting[event.id] = false;
        return event;
      }
      this.#cancelled -= 1;
    }
    return undefined;
  }
}
