import type { Clock } from '../clock.ts';

/**
 * Lets the caller go after `attemptMs`, whatever the operation does. It learns of it by its signal; what it does later is ignored.
 * @throws a DOMException named TimeoutError, the reason of `signal`, or whatever the operation throws before
 */
export async function withinLimit<Result>(
  operation: (signal: AbortSignal) => Promise<Result>,
  { attemptMs, clock }: { attemptMs: number; clock: Clock },
  signal: AbortSignal,
): Promise<Result> {
  if (!(attemptMs > 0 && attemptMs < 2 ** 31)) throw new RangeError(`attemptMs must be above 0 and up to 2147483647: current value is ${attemptMs}`);
  signal.throwIfAborted();
  const limit = new AbortController();
  const either = AbortSignal.any([signal, limit.signal]);
  const timer = clock.setTimeout(() => limit.abort(new DOMException(`no answer within ${attemptMs} ms`, 'TimeoutError')), attemptMs);
  try {
    return await new Promise<Result>((resolve, reject) => {
      either.addEventListener('abort', () => reject(either.reason), { once: true });
      operation(either).then(resolve, reject);
    });
  } finally {
    clock.clearTimeout(timer);
  }
}
