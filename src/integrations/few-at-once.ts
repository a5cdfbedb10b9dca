/** Work of which no more than so much is under way: what waits holds nothing yet, where all at once would hold everything. */
export class FewAtOnce {
  readonly #most: number;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(most: number) {
    this.#most = most;
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    await this.begin();
    try {
      return await work();
    } finally {
      this.end();
    }
  }

  /** For work whose end is told elsewhere; each needs its `end`. */
  async begin(): Promise<void> {
    if (this.#running < this.#most) this.#running++;
    // Whoever ends hands the place on.
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  end(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#running--;
    else next();
  }
}
