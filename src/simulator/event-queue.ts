export interface TimedEvent { atMs: number; callback: () => void }

/** Events in order of time, then of creation: a binary heap over plain arrays. */
export class EventQueue {
  #count = 0;
  #nextId = 1;
  readonly #times: number[] = [];
  readonly #ids: number[] = [];
  /** Callbacks of events that are not cancelled; a cancelled one stays in the heap until its turn. */
  readonly #callbacks = new Map<number, () => void>();

  /** @returns a number above 0 by which the event can be cancelled */
  add(atMs: number, callback: () => void): number {
    const id = this.#nextId++;
    this.#callbacks.set(id, callback);
    let at = this.#count++;
    this.#times[at] = atMs;
    this.#ids[at] = id;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#isBefore(at, parent)) break;
      this.#swap(at, parent);
      at = parent;
    }
    return id;
  }

  cancel(id: number): void {
    this.#callbacks.delete(id);
  }

  /** Takes the next event out, unless it lies behind `untilMs`. */
  next(untilMs: number): TimedEvent | undefined {
    while (this.#count > 0) {
      const [atMs = 0] = this.#times;
      if (atMs > untilMs) return undefined;
      const [id = 0] = this.#ids;
      this.#removeFirst();
      const callback = this.#callbacks.get(id);
      if (callback === undefined) continue;
      this.#callbacks.delete(id);
      return { atMs, callback };
    }
    return undefined;
  }

  #removeFirst(): void {
    const last = --this.#count;
    this.#times[0] = this.#times[last] ?? 0;
    this.#ids[0] = this.#ids[last] ?? 0;
    for (let at = 0; ;) {
      let child = 2 * at + 1;
      if (child >= last) break;
      if (child + 1 < last && this.#isBefore(child + 1, child)) child++;
      if (!this.#isBefore(child, at)) break;
      this.#swap(child, at);
      at = child;
    }
  }

  #isBefore(one: number, other: number): boolean {
    const [oneMs = 0, otherMs = 0] = [this.#times[one], this.#times[other]];
    return oneMs < otherMs || (oneMs === otherMs && (this.#ids[one] ?? 0) < (this.#ids[other] ?? 0));
  }

  #swap(one: number, other: number): void {
    const [oneMs = 0, oneId = 0] = [this.#times[one], this.#ids[one]];
    this.#times[one] = this.#times[other] ?? 0;
    this.#ids[one] = this.#ids[other] ?? 0;
    this.#times[other] = oneMs;
    this.#ids[other] = oneId;
  }
}
