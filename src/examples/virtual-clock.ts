import { sleepOn } from './clock.ts';
import type { Clock } from './clock.ts';

/** A clock for tests: time moves only in `advance`, timers fire in order of due time, then of creation. */
export class VirtualClock implements Clock {
  #nowMs = 0;
  #nextTimer = 1;
  #timers = new Map<number, { dueMs: number; callback: () => void }>();

  now(): number {
    return this.#nowMs;
  }

  setTimeout(callback: () => void, delayMs: number): number {
    const timer = this.#nextTimer++;
    this.#timers.set(timer, { dueMs: this.#nowMs + Math.max(0, delayMs), callback });
    return timer;
  }

  clearTimeout(timer: number): void {
    this.#timers.delete(timer);
  }

  sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
    return sleepOn(this, delayMs, signal);
  }

  /** Number of timers that are still waiting; zero proves that nothing leaks. */
  get pending(): number {
    return this.#timers.size;
  }

  /** Moves time by `ms` and lets every promise that a timer settles run before the next timer. */
  async advance(ms: number): Promise<void> {
    const endMs = this.#nowMs + ms;
    await drainMicrotasks();
    for (let next = this.#nextDue(endMs); next !== undefined; next = this.#nextDue(endMs)) {
      const [timer, { dueMs, callback }] = next;
      this.#timers.delete(timer);
      this.#nowMs = dueMs;
      callback();
      await drainMicrotasks();
    }
    this.#nowMs = endMs;
  }

  #nextDue(endMs: number): [number, { dueMs: number; callback: () => void }] | undefined {
    let found: [number, { dueMs: number; callback: () => void }] | undefined;
    for (const entry of this.#timers) {
      if (entry[1].dueMs <= endMs && (found === undefined || entry[1].dueMs < found[1].dueMs)) found = entry;
    }
    return found;
  }
}

/** A macrotask runs only after all microtasks; counting promise hops instead would be guesswork. */
function drainMicrotasks(): Promise<void> {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
