import type { Clock } from '../clock.ts';

export interface SingleFlightOptions {
  /** What is fetched, as it should appear in errors and metrics. */
  name: string;
  /** The longest that one piece of work may take. Then all that wait for it get an error, and the key is free. */
  limitMs: number;
  /** A caller joins only work that began less than this ago; without a bound when left out. */
  joinMs?: number;
  clock?: Clock;
  /** Must not throw. */
  onEvent?: (event: SingleFlightEvent) => void;
}

export type Occurrence =
  | { type: 'started' }
  | { type: 'joined'; ageMs: number; waiting: number }
  /** One caller no longer waits; the work goes on for the others. */
  | { type: 'left'; waiting: number }
  /** `shared`: how many callers got this one outcome. 0 for `abandoned`: all had left, and the work was told to stop. */
  | { type: 'ended'; how: 'answered' | 'failed' | 'timed out' | 'abandoned'; tookMs: number; shared: number };
/** The key is not in it: it may hold what should not be logged. */
export type SingleFlightEvent = { flights: string; atMs: number } & Occurrence;

/** The shared work took too long. Everybody who waited for it gets this error. */
export class FlightTimeoutError extends Error {
  override readonly name = 'TimeoutError';
  readonly flights: string;
  readonly limitMs: number;

  constructor(flights: string, limitMs: number) {
    super(`${flights}: the shared work has not ended within ${limitMs} ms`);
    this.flights = flights;
    this.limitMs = limitMs;
  }
}

/** For the work itself: nobody waits for it any more. */
export class FlightAbandonedError extends Error {
  override readonly name = 'AbortError';

  constructor(flights: string) {
    super(`${flights}: everybody who waited has left`);
  }
}
