import type { Clock, Random } from '../clock.ts';

/** Whoever gets an answer sees whether it is the real one, and has to decide what to do with one that is not. Keep only real ones. */
export type Answer<Value> =
  | { value: Value; degraded: false }
  | { value: Value; degraded: true; /** Name of the substitute. */ by: string; /** Why the real answer is missing. */ cause: unknown };

export interface Substitute<Request, Value> {
  name: string;
  /**
   * `signal` aborts at the limit, or when the caller leaves. Whatever it throws means: ask the next one; a no of its own that the
   * caller has to see is a value.
   */
  answer: (request: Request, signal: AbortSignal) => Value | Promise<Value>;
  /** Its own limit, in ms, beside the time that the real answer has used up. */
  limitMs: number;
  /** How many may run at a time; leave it out only where the answer costs nothing. */
  slots?: number;
}

export interface FallbackOptions<Request, Value> {
  /** The part that may be missing, as it should appear in errors and metrics. */
  name: string;
  /** The real answer, with its own timeout, retry and breaker around it. */
  real: (request: Request, signal: AbortSignal) => Promise<Value>;
  /** True where the other side could not answer. False where it did, with a no: that is the caller's business and must be seen. */
  isUnavailable: (error: unknown) => boolean;
  /** In order of preference. The last one should need nothing that can fail. */
  substitutes: readonly Substitute<Request, Value>[];
  /** Share of real answers, 0 to 1, beside which the first substitute runs too, so that it is known to work. Its answer is thrown away: only for one without effects. */
  rehearsed?: number;
  clock?: Clock;
  random?: Random;
  /** Must not throw. */
  onEvent?: (event: FallbackEvent) => void;
}

export type Occurrence =
  | { type: 'answered' }
  /** An error that is an answer went through to the caller. */
  | { type: 'passed' }
  | { type: 'degraded'; by: string; cause: unknown }
  | { type: 'failed'; by: string; error: unknown }
  | { type: 'rehearsed'; by: string; ok: true }
  | { type: 'rehearsed'; by: string; ok: false; error: unknown };
export type FallbackEvent = { fallback: string; atMs: number } & Occurrence;

/** The substitute was not asked: as many as may run at a time do. */
export class SubstituteBusyError extends Error {
  override readonly name = 'SubstituteBusyError';
  readonly substitute: string;

  constructor(substitute: string, slots: number) {
    super(`substitute '${substitute}' is busy: ${slots} are running`);
    this.substitute = substitute;
  }
}

/** The substitute took longer than its own limit. */
export class SubstituteTimeoutError extends Error {
  override readonly name = 'SubstituteTimeoutError';
  readonly substitute: string;

  constructor(substitute: string, limitMs: number) {
    super(`substitute '${substitute}' gave no answer within ${limitMs} ms`);
    this.substitute = substitute;
  }
}

/** Neither the real answer nor any substitute. `cause` is why the real answer is missing; `errors` has one of each substitute. */
export class NoSubstituteError extends AggregateError {
  override readonly name = 'NoSubstituteError';
  readonly fallback: string;

  constructor(fallback: string, cause: unknown, errors: readonly unknown[]) {
    super(errors, `'${fallback}' is unavailable, and none of ${errors.length} substitutes could answer`, { cause });
    this.fallback = fallback;
  }
}
