import type { Clock } from '../clock.ts';

/**
 * What `work` gives, or after `ms` what `tooLate` gives or throws; rejects as soon as `signal` aborts.
 * What `work` does later is ignored. Leaves neither timer nor listener behind.
 */
export function within<T>(clock: Clock, ms: number, work: Promise<T>, tooLate: () => T, signal?: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = ms === Infinity ? undefined : clock.setTimeout(() => {
      end();
      resolve(new Promise((late) => late(tooLate())));
    }, ms);
    const leave = (): void => {
      end();
      reject(signal?.reason);
    };
    const end = (): void => {
      if (timer !== undefined) clock.clearTimeout(timer);
      signal?.removeEventListener('abort', leave);
    };
    work.finally(end).then(resolve, reject);
    signal?.addEventListener('abort', leave, { once: true });
    if (signal?.aborted) leave();
  });
}
