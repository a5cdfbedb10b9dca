import type { Clock } from '../clock.ts';
import type { Slots } from './slots.ts';

export type MissingReason = 'late' | 'busy' | 'failed';

/**
 * What the client gets of one part. `missing` says that nobody knows: the service did not answer in time, was full or failed.
 * That there is nothing is a value, such as an empty list, and never a gap.
 */
export type PartAnswer<Value = unknown> = { status: 'ok'; value: Value } | { status: 'missing'; reason: MissingReason };

/** The contract with the client: each part it asked for is named, whether it is there or not. */
export interface Page<Values extends Record<string, unknown> = Record<string, unknown>> {
  complete: boolean;
  parts: { [Name in keyof Values]?: PartAnswer<Values[Name]> };
}

/** What a call to a service may use: it has to stop when `signal` aborts, and is told the milliseconds that it has. */
export interface Ask { signal: AbortSignal; leftMs: number }

export interface Part<Request, Value> {
  fetch: (request: Request, ask: Ask) => Promise<Value>;
  /** Milliseconds for this part; the page's deadline holds as well. */
  timeoutMs: number;
  /** The bulkhead of the service behind it, shared by all pages that ask this service. */
  slots: Slots;
  /** Without a required part there is no page; false when left out. */
  required?: boolean;
}

export type Parts<Request, Values extends Record<string, unknown>> = { [Name in keyof Values]: Part<Request, Values[Name]> };

export interface AggregatorOptions<Request, Values extends Record<string, unknown>> {
  parts: Parts<Request, Values>;
  /** Milliseconds for the whole page. */
  deadlineMs: number;
  clock?: Clock;
  /** Must not throw. */
  onEvent?: (event: AggregatorEvent) => void;
}

export type AggregatorEvent =
  | { type: 'answered'; part: string; tookMs: number }
  | { type: 'missing'; part: string; tookMs: number; reason: MissingReason; error: unknown };

/** The time of a part, or what was left of the page's, is over. */
export class PartTimeoutError extends Error {
  override readonly name = 'PartTimeoutError';
}

/** The client asked for a part that this page does not have: an answer with 400. */
export class UnknownPartError extends Error {
  override readonly name = 'UnknownPartError';
}

/** The page cannot do without this part; `cause` has the error of its service. */
export class RequiredPartError extends Error {
  override readonly name = 'RequiredPartError';
  readonly part: string;
  readonly reason: MissingReason;

  constructor(part: string, reason: MissingReason, cause: unknown) {
    super(`No page without ${part}: ${reason}`, { cause });
    this.part = part;
    this.reason = reason;
  }

  /** For the client, as RFC 9110 has them: 504 late, 503 full, 502 an answer that is of no use. */
  get httpStatus(): 502 | 503 | 504 {
    return this.reason === 'late' ? 504 : this.reason === 'busy' ? 503 : 502;
  }
}
