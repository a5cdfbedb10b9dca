import { systemClock } from '../clock.ts';
import type { Clock, Random } from '../clock.ts';
import type { RetryBudget } from './retry-budget.ts';

export interface RetryOptions {
  /** Attempts in all, the first one included. */
  maxAttempts: number;
  /** Upper end of the first wait; it doubles with each further one. */
  baseDelayMs: number;
  /** Upper end of every wait, however many attempts there were. */
  maxDelayMs: number;
  /** Longest time for all attempts and waits together. */
  deadlineMs: number;
  /** True only for a brief fault of an operation that may be carried out twice. */
  isRetryable: (error: unknown) => boolean;
  /** What the server asks for, read from the error. */
  retryAfterMs?: (error: unknown) => number | undefined;
  /** Shared by all calls to one dependency. */
  budget?: RetryBudget;
  clock?: Clock;
  random?: Random;
  /** Must not throw. */
  onEvent?: (event: RetryEvent) => void;
}

export interface Attempt {
  /** 1 for the first. */
  number: number;
  /** Aborts when the caller leaves and when the deadline passes. */
  signal: AbortSignal;
}

export type GaveUpReason = 'attempts' | 'deadline' | 'budget';
export type RetryEvent =
  | { type: 'succeeded'; attempts: number }
  | { type: 'waiting'; attempts: number; delayMs: number; error: unknown }
  | { type: 'refused'; attempts: number; error: unknown }
  | { type: 'gave-up'; attempts: number; reason: GaveUpReason; error: unknown };

/** The retry layer has given up; `cause` is the last failure of the operation. */
export class RetryGaveUpError extends Error {
  override readonly name = 'RetryGaveUpError';
  readonly reason: GaveUpReason;
  readonly attempts: number;

  constructor(reason: GaveUpReason, attempts: number, cause: unknown) {
    super(`gave up after ${attempts} ${attempts === 1 ? 'attempt' : 'attempts'}: ${meanings[reason]}`, { cause });
    this.reason = reason;
    this.attempts = attempts;
  }
}

const meanings = { attempts: 'no attempts left', deadline: 'not enough time left', budget: 'the retry budget is spent' };

/**
 * Runs `operation` until it succeeds, fails for good, or the limits are reached. Retry in one layer only.
 * Order around a call: fallback > deadline > retry with its budget > breaker > bulkhead > timeout per attempt > call.
 * An attempt has no time limit of its own: set one inside `operation`, or a hang uses up the deadline.
 * Backoff with full jitter as in the simulator that AWS published.
 * @throws RetryGaveUpError, the reason of `signal`, or an error that is not retryable, as it is
 */
export async function retry<T>(operation: (attempt: Attempt) => Promise<T>, options: RetryOptions, signal = new AbortController().signal): Promise<T> {
  requireValid(options);
  signal.throwIfAborted();
  const { clock = systemClock, onEvent } = options;
  const deadline = new AbortController();
  const endMs = clock.now() + options.deadlineMs;
  const timer = clock.setTimeout(() => deadline.abort(new DOMException(`${options.deadlineMs} ms have passed`, 'TimeoutError')), options.deadlineMs);
  const eitherSignal = AbortSignal.any([signal, deadline.signal]);
  let lastError: unknown;

  // #region loop
  try {
    for (let number = 1; ; number++) {
      const attempt = { number, signal: eitherSignal };
      const result = await settled(() => operation(attempt), eitherSignal);
      if ('value' in result) {
        options.budget?.earn();
        onEvent?.({ type: 'succeeded', attempts: number });
        return result.value;
      }
      signal.throwIfAborted();
      if (deadline.signal.aborted) {
        throw giveUp('deadline', number, lastError ?? result.error);
      }
      lastError = result.error;
      if (!options.isRetryable(lastError)) {
        onEvent?.({ type: 'refused', attempts: number, error: lastError });
        throw lastError;
      }
      if (number === options.maxAttempts) throw giveUp('attempts', number, lastError);
      const askedMs = Math.max(0, options.retryAfterMs?.(lastError) ?? 0);
      const delayMs = askedMs + backoffMs(number, options);
      const inTime = delayMs < endMs - clock.now();
      if (!inTime) throw giveUp('deadline', number, lastError);
      if (options.budget?.spend() === false) throw giveUp('budget', number, lastError);
      onEvent?.({ type: 'waiting', attempts: number, delayMs, error: lastError });
      await clock.sleep(delayMs, signal);
      signal.throwIfAborted();
      if (deadline.signal.aborted) throw giveUp('deadline', number, lastError);
    }
  } finally {
    clock.clearTimeout(timer);
  }
  // #endregion loop

  function giveUp(reason: GaveUpReason, attempts: number, error: unknown): RetryGaveUpError {
    onEvent?.({ type: 'gave-up', attempts, reason, error });
    return new RetryGaveUpError(reason, attempts, error);
  }
}

// #region backoff
/**
 * Full jitter: anywhere between 0 and a limit that doubles up to `maxDelayMs`.
 * The cap comes first, so capped waits spread as well.
 */
export function backoffMs(
  failedAttempts: number,
  options: Pick<RetryOptions, 'baseDelayMs' | 'maxDelayMs' | 'random'>,
): number {
  const { baseDelayMs, maxDelayMs, random = Math.random } = options;
  return random() * Math.min(maxDelayMs, baseDelayMs * 2 ** (failedAttempts - 1));
}
// #endregion backoff

// #region settled
/**
 * Lets go of an operation that does not stop when `signal` aborts; whatever it does
 * later is ignored. A synchronous throw is a failure like any other.
 */
function settled<T>(
  operation: () => Promise<T>,
  signal: AbortSignal,
): Promise<{ value: T } | { error: unknown }> {
  return new Promise((resolve) => {
    const leave = (): void => resolve({ error: signal.reason });
    signal.addEventListener('abort', leave, { once: true });
    (async () => operation())()
      .then((value) => resolve({ value }), (error: unknown) => resolve({ error }))
      .finally(() => signal.removeEventListener('abort', leave));
  });
}
// #endregion settled

/** Beyond 31 bits, timers of browsers and Node fire at once. */
const longestTimerMs = 2 ** 31 - 1;

function requireValid(options: RetryOptions): void {
  if (!Number.isInteger(options.maxAttempts) || options.maxAttempts < 1) {
    throw new RangeError(`maxAttempts must be a positive integer: current value is ${options.maxAttempts}`);
  }
  for (const name of ['baseDelayMs', 'maxDelayMs', 'deadlineMs'] as const) {
    const inRange = options[name] > 0 && options[name] <= longestTimerMs;
    if (!inRange) throw new RangeError(`${name} must be a number of milliseconds above 0 and up to ${longestTimerMs}: current value is ${options[name]}`);
  }
}
