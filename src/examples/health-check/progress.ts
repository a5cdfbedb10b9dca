import { systemClock } from '../clock.ts';

/** A loop has stood still for too long. */
export class StalledError extends Error {
  override readonly name = 'StalledError';
}

/**
 * Liveness of what has no port, such as a worker that reads from a queue: the loop marks each turn, an idle one as well,
 * and `check` is the `run` of a process check. Mark inside the loop, never on a timer of its own: a timer goes on when the loop hangs.
 */
export class Progress {
  readonly #longestMs: number;
  readonly #clock: { now(): number };
  #markedMs: number;

  /** @param longestMs more than the longest turn that is still all right */
  constructor(longestMs: number, clock: { now(): number } = systemClock) {
    if (!(longestMs > 0 && longestMs < Infinity)) throw new RangeError(`longestMs must be a positive number: current value is ${longestMs}`);
    this.#longestMs = longestMs;
    this.#clock = clock;
    this.#markedMs = clock.now();
  }

  mark(): void {
    this.#markedMs = this.#clock.now();
  }

  /** @throws StalledError */
  readonly check = async (): Promise<void> => {
    const stoodMs = this.#clock.now() - this.#markedMs;
    if (stoodMs > this.#longestMs) throw new StalledError(`no turn for ${stoodMs} ms; ${this.#longestMs} ms are allowed`);
  };
}
