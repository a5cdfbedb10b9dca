import type { Clock } from '../clock.ts';

/** Aborts `signal` with `reason()` after `ms`, or with the parent's reason when that aborts first. */
export function startLimit(
  clock: Clock, ms: number, parent: AbortSignal, reason: () => Error,
): { signal: AbortSignal; clear: () => void } {
  const limit = new AbortController();
  const timer = clock.setTimeout(() => limit.abort(reason()), ms);
  return { signal: AbortSignal.any([parent, limit.signal]), clear: () => clock.clearTimeout(timer) };
}

/** Lets the caller go as soon as `signal` aborts; whatever `work` does afterwards is ignored. */
export function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const leave = (): void => reject(signal.reason);
    if (signal.aborted) leave(); // while `work` began
    else signal.addEventListener('abort', leave, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
  });
}

/** Timers hold their delay in 31 bits; a longer one fires at once. */
const longestMs = 2 ** 31 - 1;

export function requireDurationMs(name: string, value: number): void {
  if (value > 0 && value <= longestMs) return;
  throw new RangeError(`${name} must be a number of milliseconds above 0 and up to ${longestMs}: current value is ${value}`);
}
