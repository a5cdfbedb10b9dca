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
    const leave = (): void => {
      simulation.clearTimeout(timer);
      simulation.settles();
      reject(signal?.reason);
    };
    const timer = simulation.setTimeout(() => {
      signal?.removeEventListener('abort', leave);
      reject(new CallTimeoutError(`no answer within ${limitMs} ms`));
    }, limitMs);
    signal?.addEventListener('abort', leave, { once: true });
    const end = (): void => {
      simulation.clearTimeout(timer);
      signal?.removeEventListener('abort', leave);
    };
    // Inside a promise, so that a call that throws at once is a rejection like any other.
    new Promise<Result>((begun) => begun(call())).then((result) => { end(); resolve(result); }, (error: unknown) => { end(); reject(error); });
  });
}
