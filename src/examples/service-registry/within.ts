import type { Clock } from '../clock.ts';

/**
 * Runs `run` for at most `ms`. After that, and when `signal` aborts, the run is told by its own signal and the caller is free;
 * what the run does later is ignored. Leaves neither timer nor listener behind.
 * @throws what `tooLate` makes, the reason of `signal`, or whatever `run` throws
 */
export function within<Result>(clock: Clock, ms: number, run: (signal: AbortSignal) => Promise<Result>, tooLate: () => Error, signal?: AbortSignal): Promise<Result> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const limit = new AbortController();
    const stop = (reason: unknown): void => {
      end();
      limit.abort(reason);
      reject(reason);
    };
    const leave = (): void => stop(signal?.reason);
    const timer = clock.setTimeout(() => stop(tooLate()), ms);
    const end = (): void => {
      clock.clearTimeout(timer);
      signal?.removeEventListener('abort', leave);
    };
    signal?.addEventListener('abort', leave, { once: true });
    // In a function of its own, so that a throw is a rejection like any other.
    (async () => run(limit.signal))().finally(end).then(resolve, reject);
  });
}
