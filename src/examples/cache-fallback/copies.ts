/** A bounded number of copies, those used least recently go first. */
export class Copies<Key, Copy> {
  readonly #most: number;
  /** In order of use, the least recent first. */
  readonly #byUse = new Map<Key, Copy>();

  constructor(most: number) {
    this.#most = most;
  }

  get(key: Key): Copy | undefined {
    const copy = this.#byUse.get(key);
    if (copy !== undefined) {
      this.#byUse.delete(key);
      this.#byUse.set(key, copy);
    }
    return copy;
  }

  /** @returns whether another one had to make room */
  set(key: Key, copy: Copy): boolean {
    this.#byUse.delete(key);
    this.#byUse.set(key, copy);
    if (this.#byUse.size <= this.#most) return false;
    const [oldest] = this.#byUse.keys();
    this.#byUse.delete(oldest as Key);
    return true;
  }

  delete(key: Key): void {
    this.#byUse.delete(key);
  }

  entries(): Iterable<[Key, Copy]> {
    return this.#byUse.entries();
  }
}
