import { EventQueue } from './event-queue.ts';
import { RandomStream } from './random-stream.ts';
import { inTurns } from './turns.ts';

/** Simulated time stands still: events follow each other without end. */
export class SimulationStuckError extends Error {
  override readonly name = 'SimulationStuckError';
}

/**
 * A discrete-event simulation on virtual time, and itself the clock that an example receives: `now`, `setTimeout`,
 * `clearTimeout`, `sleep`. Events run in order of time, then of creation. All times are milliseconds.
 *
 * After an event that may have settled a promise, all microtasks run before the next event. Only a macrotask
 * guarantees that; counting the hops of a promise chain does not.
 */
export class Simulation {
  readonly seed: number;
  readonly #mostEvents: number;
  readonly #events = new EventQueue();
  #nowMs = 0;
  /** A promise may have been settled since the microtasks last ran. */
  #unsettled = true;
  #failure: { error: unknown } | undefined;
  #executed = 0;

  /** @param mostEvents more than any scenario needs: a loop that lets no time pass ends there, and not with the reader's patience */
  constructor(seed: number, mostEvents = 2_000_000) {
    this.seed = seed;
    this.#mostEvents = mostEvents;
  }

  now(): number {
    return this.#nowMs;
  }

  /** Number of events that have run. */
  get executed(): number {
    return this.#executed;
  }

  /** Number of events to come, with some that are cancelled. */
  get pending(): number {
    return this.#events.size;
  }

  /** For examples: whatever the callback does with promises has happened before the next event. */
  setTimeout(callback: () => void, delayMs: number): number {
    return this.schedule(delayMs, () => {
      this.#unsettled = true;
      callback();
    });
  }

  clearTimeout(timer: number): void {
    this.#events.cancel(timer);
  }

  /** Resolves after `delayMs`; rejects with the signal's reason as soon as it aborts. */
  sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const cancel = (): void => {
        this.clearTimeout(timer);
        this.#unsettled = true;
        reject(signal?.reason);
      };
      const timer = this.setTimeout(() => {
        signal?.removeEventListener('abort', cancel);
        resolve();
      }, delayMs);
      signal?.addEventListener('abort', cancel, { once: true });
    });
  }

  /**
   * For parts: an event that settles no promise, or says so with `settles`, `spawn` or a part that does. Much cheaper than
   * `setTimeout`, which is right where in doubt.
   */
  schedule(delayMs: number, callback: () => void): number {
    return this.#events.add(this.#nowMs + (delayMs > 0 ? delayMs : 0), callback);
  }

  /** Says that the running event settles a promise. */
  settles(): void {
    this.#unsettled = true;
  }

  /** Starts an asynchronous activity; if it fails, `run` fails with its error. */
  spawn(activity: () => Promise<unknown>): void {
    this.#unsettled = true;
    activity().catch((error: unknown) => {
      this.#failure ??= { error };
    });
  }

  /** Random numbers of their own for `name`, and for each of its numbered members. */
  stream(name: string, ...members: number[]): RandomStream {
    return new RandomStream(this.seed, [name, ...members].join('/'));
  }

  /**
   * Runs every event up to `untilMs`; time stands there afterwards. May be called again to go on.
   * @throws SimulationStuckError, or the first error of a spawned activity or an event
   */
  run(untilMs: number): Promise<void> {
    return inTurns(() => {
      this.#unsettled = false;
      if (this.#failure !== undefined) throw this.#failure.error;
      while (!this.#unsettled) {
        const event = this.#events.next(untilMs);
        if (event === undefined) {
          this.#nowMs = Math.max(this.#nowMs, untilMs);
          return false;
        }
        if (++this.#executed > this.#mostEvents) throw new SimulationStuckError(`More than ${this.#mostEvents} events, and simulated time has come no further than ${this.#nowMs} ms: something waits for 0 ms again and again.`);
        this.#nowMs = event.atMs;
        event.callback();
      }
      return true;
    });
  }
}
