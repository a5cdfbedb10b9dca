import type { Clock } from '../clock.ts';

/** The time is over; `within` throws it and aborts the work with it. */
export class LimitError extends Error {
  override readonly name = 'LimitError';
}

/**
 * Waits for `work` no longer than `ms`, and not after one of the signals aborts. The work is told; what it does later is ignored.
 * @throws LimitError, the reason of a signal, or what the work throws
 */
export async function within<Result>(ms: number, work: (signal: AbortSignal) => Promise<Result>, clock: Clock, ...signals: readonly AbortSignal[]): Promise<Result> {
  for (const signal of signals) signal.throwIfAborted();
  const ours = new AbortController();
  const leave = (event: Event): void => ours.abort((event.target as AbortSignal).reason);
  const timer = clock.setTimeout(() => ours.abort(new LimitError(`no answer within ${ms} ms`)), ms);
  for (const signal of signals) signal.addEventListener('abort', leave);
  try {
    return await new Promise<Result>((resolve, reject) => {
      ours.signal.addEventListener('abort', () => reject(ours.signal.reason), { once: true });
      work(ours.signal).then(resolve, reject);
    });
  } finally {
    clock.clearTimeout(timer);
    for (const signal of signals) signal.removeEventListener('abort', leave);
  }
}
