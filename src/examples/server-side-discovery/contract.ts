import type { Clock, Random } from '../clock.ts';

/** One running copy of the service. The same `id` at another address is another copy. */
export interface Endpoint { id: string; address: string }

export interface RouterOptions {
  /** The name that callers use, as it should appear in errors and metrics. */
  name: string;
  /** Whether somebody tells `checked` what checks found. Without checks everything that is listed gets calls, and what is not listed gets none. */
  checks?: boolean;
  /** Failed checks in a row that turn "well" into "ill". */
  failures?: number;
  /** Good checks in a row that turn "ill" into "well"; a new endpoint needs one. */
  successes?: number;
  /** If less than this share of the endpoints that have been checked is well, health is ignored and all get calls; 0 never does. */
  panicShare?: number;
  /** A failed call or connection counts as one that is still open for this long, so that failing fast does not look like being idle; 0 forgets it at once. */
  errorMs?: number;
  /** After this time a connection should be opened anew, so that it is balanced again; drawn within a tenth of it for each. Infinity: never. */
  maxAgeMs?: number;
  clock?: Clock;
  random?: Random;
  /** Must not throw. */
  onEvent?: (event: RouterEvent) => void;
}

/** Goes to one endpoint for as long as it is open: that is what a balancer of connections hands out. */
export interface Connection {
  readonly endpoint: Endpoint;
  /** Its time is over, or its endpoint gets no new calls: finish what is under way, close it, and open another one. */
  readonly isDue: boolean;
  /** Twice does no harm. `hasFailed`: the endpoint did not answer, which makes it less of a choice for a while. */
  close(hasFailed?: boolean): void;
}

export type RouterOccurrence =
  | { type: 'added' | 'removed' | 'well' | 'ill'; id: string }
  /** No longer listed, and still in use because it answers its checks. */
  | { type: 'kept'; id: string }
  | { type: 'panic'; on: boolean; well: number; checked: number };
export type RouterEvent = { router: string; atMs: number } & RouterOccurrence;

/** Refused by the router: it knows no endpoint that may get the call, so nothing was called. */
export class NoEndpointError extends Error {
  override readonly name = 'NoEndpointError';

  constructor(router: string, known: number) {
    super(`no endpoint of '${router}' can be used: ${known} known, none well`);
  }
}

/** A check had no answer in time. */
export class CheckTimeoutError extends Error { override readonly name = 'CheckTimeoutError'; }

/** Timers hold their delay in 31 bits; a longer one fires at once. */
const longestMs = 2 ** 31 - 1;

export function requireDelay(name: string, value: number, least = 1): void {
  if (!(value >= least && value <= longestMs)) throw new RangeError(`${name} must be between ${least} and ${longestMs}: current value is ${value}`);
}

export function requireCount(name: string, value: number): void {
  if (!Number.isSafeInteger(value) || value < 1) throw new RangeError(`${name} must be a positive integer: current value is ${value}`);
}
