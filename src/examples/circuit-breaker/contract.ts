import type { Clock } from '../clock.ts';

/** `answered`: an error that proves the dependency is well, such as 404. `ignored`: it says nothing about the dependency. */
export type Verdict = 'failed' | 'answered' | 'ignored';

export interface BreakerOptions {
  /** The dependency, as it should appear in errors and metrics. */
  name: string;
  /** Share of failures in the window, above 0 and up to 1, at which the circuit opens. */
  failureRate?: number;
  /** Below this number of outcomes in the window the circuit stays closed. */
  minimumCalls?: number;
  windowMs?: number;
  /** Time from the opening to the first probe. */
  openMs?: number;
  /** Calls let through while half-open, and successes needed to close. */
  probes?: number;
  /** A probe that has not ended after this time counts as a failure, so that a hang cannot hold its permit for ever. */
  probeTimeoutMs?: number;
  /** What a rejection of the operation means; by default every one is a failure. */
  judge?: (error: unknown) => Verdict;
  clock?: Clock;
  /** Must not throw. */
  onEvent?: (event: BreakerEvent) => void;
}

export type BreakerState = 'closed' | 'open' | 'half-open';
export type Occurrence =
  | { type: 'state'; from: BreakerState; to: BreakerState }
  | { type: 'rejected'; state: BreakerState }
  /** `late`: the circuit changed its state while the call was under way, so its outcome was not counted. */
  | { type: 'call'; outcome: Verdict; durationMs: number; late: boolean };
export type BreakerEvent = { breaker: string; atMs: number } & Occurrence;

/** Refused by the breaker: the dependency was not called. `cause` is the failure that opened the circuit. */
export class CircuitOpenError extends Error {
  override readonly name = 'CircuitOpenError';
  readonly breaker: string;
  /** Time until the next probe; undefined while probes are already under way. */
  readonly retryAfterMs: number | undefined;

  constructor(breaker: string, retryAfterMs: number | undefined, cause: unknown) {
    super(`circuit '${breaker}' is open: ${retryAfterMs === undefined ? 'a probe is under way' : `next probe in ${retryAfterMs} ms`}`, { cause });
    this.breaker = breaker;
    this.retryAfterMs = retryAfterMs;
  }
}

/** The cause of a circuit that a hanging probe has opened again. */
export class ProbeTimeoutError extends Error { override readonly name = 'ProbeTimeoutError'; }
