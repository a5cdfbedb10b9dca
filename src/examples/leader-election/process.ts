import { sleepOn } from '../clock.ts';
import type { Clock } from '../clock.ts';

/** A process that can stand still: its clock goes on, and nothing that it waits for happens before it runs again. */
export class Process implements Clock {
  readonly #clock: Clock;
  /** Timers that were due in the pause. */
  #waiting: Map<number, () => void> | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get isPaused(): boolean {
    return this.#waiting !== undefined;
  }

  pause(): void {
    this.#waiting ??= new Map();
  }

  resume(): void {
    const due = this.#waiting ?? new Map<number, () => void>();
    this.#waiting = undefined;
    for (const callback of due.values()) callback();
  }

  now(): number {
    return this.#clock.now();
  }

  setTimeout(callback: () => void, delayMs: number): number {
    const timer = this.#clock.setTimeout(() => {
      if (this.#waiting === undefined) callback();
      else this.#waiting.set(timer, callback);
    }, delayMs);
    return timer;
  }

  clearTimeout(timer: number): void {
    this.#waiting?.delete(timer);
    this.#clock.clearTimeout(timer);
  }

  sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
    return sleepOn(this, delayMs, signal);
  }
}
