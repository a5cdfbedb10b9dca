import { systemClock } from '../clock.ts';
import type { Clock } from '../clock.ts';

/** Nobody listens at the local address: the call was not sent, so it may be sent again. */
export class NotListeningError extends Error {
  override readonly name = 'NotListeningError';
}

/** The helper beside us is to blame, and not the service behind it: no breaker of that service should count this. */
export class HelperError extends Error {
  override readonly name = 'HelperError';
  readonly reason: 'not listening' | 'too slow';

  constructor(helper: string, reason: HelperError['reason'], cause?: unknown) {
    super(`${helper}: ${reason}`, { cause });
    this.reason = reason;
  }
}

export interface LocalHopOptions<Request, Response> {
  readonly helper: string;
  /** Rejects with NotListeningError when the connection is refused; with anything else as it comes. */
  readonly send: (request: Request, signal: AbortSignal) => Promise<Response>;
  /** For the whole call, tries and pauses included. Where the helper calls on, it has to be longer than the helper's own limit. */
  readonly limitMs: number;
  /** Between two tries while nobody listens. A restart takes longer than one of them and should take less than the limit. */
  readonly pauseMs: number;
  readonly clock?: Clock;
}

/** The call from a service to the helper beside it. */
export class LocalHop<Request, Response> {
  readonly #options: Required<LocalHopOptions<Request, Response>>;

  /** @throws RangeError naming the option, the rule and the value */
  constructor(options: LocalHopOptions<Request, Response>) {
    const { limitMs, pauseMs } = options;
    for (const [name, value] of Object.entries({ limitMs, pauseMs })) if (!(value > 0 && value < Infinity)) throw new RangeError(`${name} must be a positive number: current value is ${value}`);
    this.#options = { clock: systemClock, ...options };
  }

  // #region call
  /**
   * Repeats while nobody listens, and nothing else: what failed behind the helper is repeated there or not at all.
   * @throws HelperError, the reason of `signal`, or the failure that the helper reported, as it was
   */
  async call(request: Request, signal?: AbortSignal): Promise<Response> {
    const { helper, send, limitMs, pauseMs, clock } = this.#options;
    signal?.throwIfAborted();
    const limit = new AbortController();
    const either = signal === undefined ? limit.signal : AbortSignal.any([signal, limit.signal]);
    let refusal: unknown;
    const timer = clock.setTimeout(() => limit.abort(new HelperError(helper, refusal === undefined ? 'too slow' : 'not listening', refusal)), limitMs);
    try {
      for (;;) {
        try {
          refusal = undefined;
          return await orAborted(either, () => send(request, either));
        } catch (error) {
          if (!(error instanceof NotListeningError)) throw error;
          refusal = error;
        }
        await clock.sleep(pauseMs, either);
      }
    } finally {
      clock.clearTimeout(timer);
    }
  }
  // #endregion call
}

/** Settles when the signal aborts, whatever the work does; what it says later is heard by nobody. */
function orAborted<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  const done = new AbortController();
  return new Promise<T>((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true, signal: done.signal });
    work().then(resolve, reject);
  }).finally(() => done.abort());
}
