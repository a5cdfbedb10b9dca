import type { Simulation } from './simulation.ts';

/** The caller has stopped waiting; whether the work was done it does not know. */
export class CallTimeoutError extends Error {
  override readonly name = 'TimeoutError';
}

/**
 * A caller's time limit for one call. Whatever the call does later is ignored.
 * @throws CallTimeoutError after `limitMs`, the reason of `signal`, or whatever the call throws before
 */
export function withTimeLimit<Result>(simulation: Simulation, limitMs: number, call: () => Promise<Result>, signal?: AbortSignal): Promise<Result> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const end = (): void => {
      simulation.clearTimeout(timer);
      signal?.removeEventListener('abort', leave);
    };
    const leave = (): void => {
      end();
      simulation.settles();
      reject(signal?.reason);
    };
    const timer = simulation.setTimeout(() => {
      end();
      reject(new CallTimeoutError(`no answer within ${limitMs} ms`));
    }, limitMs);
    signal?.addEventListener('abort', leave, { once: true });
    // Inside a promise, so that a call that throws at once is a rejection like any other.
    void new Promise<Result>((begun) => begun(call())).then(resolve, reject).finally(end);
  });
}
