import { systemClock } from '../clock.ts';
import { FlightAbandonedError, FlightTimeoutError } from './contract.ts';
import type { Occurrence, SingleFlightEvent, SingleFlightOptions } from './contract.ts';

export { FlightAbandonedError, FlightTimeoutError };
export type { SingleFlightEvent, SingleFlightOptions };

export interface Shared {
  /** Aborts when nobody waits any more, or when it took too long. Not the signal of any caller. */
  signal: AbortSignal;
  /** Whether callers can still get this outcome: false once the key was forgotten, so do not keep the value then. */
  isCurrent(): boolean;
}
type Work<Value> = (shared: Shared) => Promise<Value>;
type Outcome<Value> = { value: Value } | { error: unknown };
type Waiter<Value> = (outcome: Outcome<Value>) => void;
interface Flight<Value> {
  key: string;
  startMs: number;
  timer: number;
  stop: AbortController;
  waiting: Set<Waiter<Value>>;
  over: boolean;
}

/** Timers hold their delay in 31 bits; a longer one fires at once. */
const longestMs = 2 ** 31 - 1;

/**
 * Callers that ask for the same key while the work runs share it and its outcome. Afterwards nothing is kept: this is no cache.
 * It knows one process: n processes do the work n times. The semantics of Go's singleflight, with an end: a work that
 * hangs frees its key, and a caller that leaves takes nobody with it.
 */
export class SingleFlight<Value> {
  readonly #options: Required<Omit<SingleFlightOptions, 'onEvent'>> & Pick<SingleFlightOptions, 'onEvent'>;
  readonly #flights = new Map<string, Flight<Value>>();

  constructor(options: SingleFlightOptions) {
    this.#options = { joinMs: Infinity, clock: systemClock, ...options };
    const { limitMs, joinMs } = this.#options;
    if (!(limitMs > 0 && limitMs <= longestMs)) throw new RangeError(`limitMs must be above 0 and at most ${longestMs}: current value is ${limitMs}`);
    if (!(joinMs > 0)) throw new RangeError(`joinMs must be above 0: current value is ${joinMs}`);
  }

  /** Keys that can be joined now. */
  get underWay(): number {
    return this.#flights.size;
  }

  // #region run
  /**
   * Joins the work that is under way for `key`, or begins it. Put everything into the key that
   * the answer depends on: above all, who may see it.
   * @throws whatever the shared work throws, FlightTimeoutError, or the reason of `signal`
   */
  async run(key: string, work: Work<Value>, signal?: AbortSignal): Promise<Value> {
    signal?.throwIfAborted();
    const flight = this.#joinable(key) ?? this.#start(key, work);
    return new Promise((resolve, reject) => {
      const settle: Waiter<Value> = (outcome) => {
        signal?.removeEventListener('abort', leave);
        if ('value' in outcome) resolve(outcome.value);
        else reject(outcome.error);
      };
      const leave = (): void => {
        flight.waiting.delete(settle);
        this.#emit({ type: 'left', waiting: flight.waiting.size });
        reject(signal?.reason);
        if (flight.waiting.size === 0) this.#abandon(flight);
      };
      flight.waiting.add(settle);
      if (signal?.aborted) leave(); // while the work began
      else signal?.addEventListener('abort', leave, { once: true });
    });
  }
  // #endregion run

  // #region forget
  /** After a write: who asks from now on gets no answer of work that began before. */
  forget(key: string): void {
    this.#flights.delete(key);
  }
  // #endregion forget

  #joinable(key: string): Flight<Value> | undefined {
    const flight = this.#flights.get(key);
    if (flight === undefined) return undefined;
    const ageMs = this.#options.clock.now() - flight.startMs;
    if (ageMs >= this.#options.joinMs) return undefined;
    this.#emit({ type: 'joined', ageMs, waiting: flight.waiting.size + 1 });
    return flight;
  }

  // #region flight
  #start(key: string, work: Work<Value>): Flight<Value> {
    const { name, limitMs, clock } = this.#options;
    const stop = new AbortController();
    const timer = clock.setTimeout(() => {
      const error = new FlightTimeoutError(name, limitMs);
      this.#end(flight, 'timed out', { error });
      stop.abort(error);
    }, limitMs);
    const startMs = clock.now();
    const flight: Flight<Value> = { key, startMs, timer, stop, waiting: new Set(), over: false };
    this.#flights.set(key, flight);
    this.#emit({ type: 'started' });
    // Work that throws at once is a failure like any other.
    const isCurrent = (): boolean => this.#flights.get(key) === flight;
    new Promise<Value>((begun) => begun(work({ signal: stop.signal, isCurrent }))).then(
      (value) => this.#end(flight, 'answered', { value }),
      (error: unknown) => this.#end(flight, 'failed', { error }),
    );
    return flight;
  }

  /** The key is free before anybody learns the outcome, so who asks again begins anew. */
  #end(flight: Flight<Value>, how: 'answered' | 'failed' | 'timed out' | 'abandoned', outcome: Outcome<Value>): void {
    if (flight.over) return; // too late: its waiters have had an error, or have left
    flight.over = true;
    this.#options.clock.clearTimeout(flight.timer);
    if (this.#flights.get(flight.key) === flight) this.#flights.delete(flight.key);
    const tookMs = this.#options.clock.now() - flight.startMs;
    this.#emit({ type: 'ended', how, tookMs, shared: flight.waiting.size });
    for (const settle of flight.waiting) settle(outcome);
  }

  /** Nobody may join work that was told to stop. */
  #abandon(flight: Flight<Value>): void {
    const error = new FlightAbandonedError(this.#options.name);
    this.#end(flight, 'abandoned', { error });
    flight.stop.abort(error);
  }
  // #endregion flight

  #emit(occurrence: Occurrence): void {
    const { name, clock, onEvent } = this.#options;
    onEvent?.({ flights: name, atMs: clock.now(), ...occurrence });
  }
}
