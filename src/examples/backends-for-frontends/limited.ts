import type { Clock } from '../clock.ts';
import { FrontBusyError, FrontTimeoutError } from './contract.ts';
import type { Services } from './contract.ts';

export interface Limits {
  front: string;
  /** Calls that this front end may have open at each service. */
  mostOpen: number;
  /** Milliseconds for one call. */
  timeoutMs: number;
  clock: Clock;
}

/** Timers hold their delay in 31 bits; a longer one fires at once. */
const longestMs = 2 ** 31 - 1;

// #region limited
/**
 * The same services with the share of one front end: what floods or hangs here takes nothing from the others.
 * This is plumbing, and the only code that front ends have in common; nothing of the business is in it.
 */
export function limited(services: Services, limits: Limits): Services {
  const { front, mostOpen, timeoutMs } = limits;
  if (!Number.isSafeInteger(mostOpen) || mostOpen < 1) throw new RangeError(`mostOpen of ${front} must be a positive integer: current value is ${mostOpen}`);
  if (!(timeoutMs > 0 && timeoutMs <= longestMs)) throw new RangeError(`timeoutMs of ${front} must be above 0 and at most ${longestMs}: current value is ${timeoutMs}`);
  const product = shareOf('product', limits);
  const offer = shareOf('offer', limits);
  const reviews = shareOf('reviews', limits);
  return {
    product: (id, signal) => product((limit) => services.product(id, limit), signal),
    offer: (id, customer, signal) => offer((limit) => services.offer(id, customer, limit), signal),
    reviews: (id, most, signal) => reviews((limit) => services.reviews(id, most, limit), signal),
  };
}
// #endregion limited

function shareOf(service: string, { front, mostOpen, timeoutMs, clock }: Limits) {
  let open = 0;
  return async function call<T>(ask: (signal: AbortSignal) => Promise<T>, caller: AbortSignal): Promise<T> {
    caller.throwIfAborted();
    if (open >= mostOpen) throw new FrontBusyError(`${front} has ${mostOpen} calls of ${service} open, the most it may have`);
    const limit = new AbortController();
    const timer = clock.setTimeout(() => limit.abort(new FrontTimeoutError(`${service} did not answer ${front} within ${timeoutMs} ms`)), timeoutMs);
    const signal = AbortSignal.any([caller, limit.signal]);
    open += 1;
    const work = (async () => ask(signal))(); // a synchronous throw is a rejection
    work.then(() => { open -= 1; }, () => { open -= 1; }); // the place is taken until the call has ended, whoever waits
    try {
      return await untilAborted(work, signal);
    } finally {
      clock.clearTimeout(timer);
    }
  };
}

/** Asks for the parts of one answer. Whatever the end, calls that are still open are told. */
export async function together<T>(caller: AbortSignal, ask: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const over = new AbortController();
  try {
    return await ask(AbortSignal.any([caller, over.signal]));
  } finally {
    over.abort(new DOMException('The answer is given or cannot be', 'AbortError'));
  }
}

/** For a part that the answer can do without. A caller who has left is not a part that failed. */
export async function optional<T>(part: Promise<T>, caller: AbortSignal): Promise<T | undefined> {
  return part.catch((error: unknown) => {
    if (caller.aborted) throw error;
    return undefined;
  });
}

function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const leave = (): void => reject(signal.reason);
    if (signal.aborted) leave(); // while `work` began
    else signal.addEventListener('abort', leave, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
  });
}
