import { systemClock } from '../clock.ts';
import type { Clock } from '../clock.ts';

/** Sends one request to one service. The global `fetch` is one; it should stop when `request.signal` aborts. */
export type Transport = (request: Request) => Promise<Response>;

/** What every call on behalf of one client request shares. `deadlineMs` is a point on the gateway's clock. */
export interface Exchange { requestId: string; deadlineMs: number; signal: AbortSignal }

export type BackendOutcome = 'answered' | 'busy' | 'timeout' | 'failed' | 'abandoned';
export interface BackendEvent {
  type: 'backend'; requestId: string; backend: string; outcome: BackendOutcome; inFlight: number; durationMs: number;
  status?: number; error?: unknown;
}

export interface BackendOptions {
  name: string;
  /** Scheme, host and port; a path in it is ignored. */
  origin: string;
  /** Calls to this service that may be open at once, bodies included. One more is refused, never queued. */
  maxConcurrent: number;
  /** Longest time from the start of a call to the last byte of its body; the exchange's deadline may shorten it. */
  timeoutMs: number;
  fetch?: Transport;
  clock?: Clock;
  /** Must not throw. */
  onEvent?: (event: BackendEvent) => void;
}

/** Refused by the gateway's bulkhead: the service was not called. */
export class BackendBusyError extends Error { override readonly name = 'BackendBusyError'; }
/** The limit passed before the service had answered; it may still have acted. */
export class BackendTimeoutError extends Error { override readonly name = 'BackendTimeoutError'; }
/** The connection failed or the answer could not be read; `cause` says how. */
export class BackendFailedError extends Error { override readonly name = 'BackendFailedError'; }

/** One service behind the gateway, with its own bulkhead and its own time limit. */
export class Backend {
  readonly name: string;
  readonly #options: BackendOptions & { fetch: Transport; clock: Clock };
  #inFlight = 0;

  constructor(options: BackendOptions) {
    if (!Number.isInteger(options.maxConcurrent) || options.maxConcurrent < 1) {
      throw new RangeError(`maxConcurrent of backend '${options.name}' must be a positive integer: current value is ${options.maxConcurrent}`);
    }
    requirePositiveMs(`timeoutMs of backend '${options.name}'`, options.timeoutMs);
    this.name = options.name;
    this.#options = { fetch: (request) => fetch(request), clock: systemClock, ...options, origin: new URL(options.origin).origin };
  }

  /**
   * Sends method, headers and body of `request` to `path` on this service and nowhere else.
   * @throws BackendBusyError, BackendTimeoutError, BackendFailedError, or the reason of `exchange.signal`
   */
  async call(request: Request, path: { pathname: string; search: string }, exchange: Exchange): Promise<Response> {
    const { clock } = this.#options;
    const startMs = clock.now();
    const report = (outcome: BackendOutcome, detail: { status: number } | { error: unknown }): void => this.#options.onEvent?.({
      type: 'backend', requestId: exchange.requestId, backend: this.name, outcome, inFlight: this.#inFlight, durationMs: clock.now() - startMs, ...detail,
    });
    try {
      const response = await this.#send(request, path, exchange);
      report('answered', { status: response.status });
      return response;
    } catch (error) {
      report(exchange.signal.aborted ? 'abandoned' : outcomeOf(error), { error });
      throw error;
    }
  }

  // #region limits
  async #send(request: Request, path: { pathname: string; search: string }, exchange: Exchange): Promise<Response> {
    exchange.signal.throwIfAborted();
    const { clock, maxConcurrent, timeoutMs } = this.#options;
    const limitMs = Math.min(timeoutMs, exchange.deadlineMs - clock.now());
    if (limitMs <= 0) throw new BackendTimeoutError(`no time left to call ${this.name}`);
    if (this.#inFlight >= maxConcurrent) throw new BackendBusyError(`${this.name} has ${maxConcurrent} calls open`);

    this.#inFlight++;
    const limit = startLimit(clock, limitMs, exchange.signal, () => new BackendTimeoutError(`${this.name} took longer than ${limitMs} ms`));
    const free = (): void => {
      limit.clear();
      this.#inFlight--;
    };
    try {
      return await untilAborted(this.#run(request, path, limitMs, limit.signal, free), limit.signal);
    } catch (error) {
      if (limit.signal.aborted) throw limit.signal.reason;
      throw new BackendFailedError(`${this.name} could not be reached`, { cause: error });
    }
  }

  /** Frees its slot when the work has really ended, which may be later than the caller's patience. */
  async #run(request: Request, path: { pathname: string; search: string }, limitMs: number, signal: AbortSignal, free: () => void): Promise<Response> {
    try {
      const target = new URL(this.#options.origin);
      target.pathname = path.pathname;
      target.search = path.search;
      const headers = new Headers(request.headers);
      headers.set('x-timeout-ms', String(Math.floor(limitMs)));
      const response = await this.#options.fetch(new Request(new Request(target, request), { headers, signal, redirect: 'manual' }));
      if (response.body === null) {
        free();
        return response;
      }
      const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
      response.body.pipeTo(writable, { signal }).then(free, free);
      return new Response(readable, response);
    } catch (error) {
      free();
      throw error;
    }
  }
  // #endregion limits
}

export function outcomeOf(error: unknown): 'busy' | 'timeout' | 'failed' {
  if (error instanceof BackendBusyError) return 'busy';
  return error instanceof BackendTimeoutError ? 'timeout' : 'failed';
}

/** Aborts `signal` with `reason()` after `ms`, or with the parent's reason when that aborts first. */
export function startLimit(clock: Clock, ms: number, parent: AbortSignal, reason: () => Error): { signal: AbortSignal; clear: () => void } {
  const limit = new AbortController();
  const timer = clock.setTimeout(() => limit.abort(reason()), ms);
  return { signal: AbortSignal.any([parent, limit.signal]), clear: () => clock.clearTimeout(timer) };
}

/** Lets the caller go as soon as `signal` aborts; whatever `work` does afterwards is ignored. */
export function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const leave = (): void => reject(signal.reason);
    signal.addEventListener('abort', leave, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
  });
}

export function requirePositiveMs(name: string, value: number): void {
  if (!Number.isFinite(value) || value <= 0) throw new RangeError(`${name} must be a positive number of milliseconds: current value is ${value}`);
}
