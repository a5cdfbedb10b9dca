import { systemClock } from '../clock.ts';
import type { Clock } from '../clock.ts';
import { requireDurationMs, startLimit, untilAborted } from './limit.ts';

/** Sends one request to one service. The global `fetch` is one; it should stop when `request.signal` aborts. */
export type Transport = (request: Request) => Promise<Response>;

/** What every call on behalf of one client request shares. `deadlineMs` is a point on the gateway's clock. */
export interface Exchange { requestId: string; deadlineMs: number; signal: AbortSignal }

/** What is asked of a service; a URL is one, and its host is not looked at. */
export type Path = Pick<URL, 'pathname' | 'search'>;

export type BackendOutcome = 'answered' | 'busy' | 'timeout' | 'failed' | 'abandoned';
export interface BackendEvent {
  type: 'backend'; requestId: string; backend: string; outcome: BackendOutcome;
  inFlight: number; durationMs: number; status?: number; error?: unknown;
}

export interface BackendOptions {
  name: string;
  /** For example `http://orders.internal:8080`; a path in it is ignored. */
  origin: string;
  /** Calls to this service that may be open at once, bodies included. One more is refused, never queued. */
  maxConcurrent: number;
  /** Longest time from the start of a call to the last byte of its body; a deadline may shorten it. */
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
    const { name, maxConcurrent, timeoutMs } = options;
    const url = URL.parse(options.origin);
    if (url === null || !/^https?:$/.test(url.protocol)) {
      throw new TypeError(`origin of backend '${name}' must begin with http:// or https://: current value is '${options.origin}'`);
    }
    if (!Number.isInteger(maxConcurrent) || maxConcurrent < 1) {
      throw new RangeError(`maxConcurrent of backend '${name}' must be a positive integer: current value is ${maxConcurrent}`);
    }
    requireDurationMs(`timeoutMs of backend '${name}'`, timeoutMs);
    this.name = name;
    const defaults = { fetch: (request: Request) => fetch(request), clock: systemClock };
    this.#options = { ...defaults, ...options, origin: url.origin };
  }

  /** Calls that hold a slot of the bulkhead now. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /**
   * Sends method, headers and body of `request` to `path` on this service and nowhere else.
   * @throws BackendBusyError, BackendTimeoutError, BackendFailedError, or the reason of `exchange.signal`
   */
  async call(request: Request, path: Path, exchange: Exchange): Promise<Response> {
    const { clock, onEvent } = this.#options;
    const startMs = clock.now();
    const report = (outcome: BackendOutcome, detail: { status: number } | { error: unknown }): void => onEvent?.({
      type: 'backend', requestId: exchange.requestId, backend: this.name, outcome,
      inFlight: this.#inFlight, durationMs: clock.now() - startMs, ...detail,
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
  async #send(request: Request, path: Path, exchange: Exchange): Promise<Response> {
    exchange.signal.throwIfAborted();
    const { clock, maxConcurrent, timeoutMs } = this.#options;
    const limitMs = Math.min(timeoutMs, exchange.deadlineMs - clock.now());
    if (limitMs <= 0) throw new BackendTimeoutError(`no time left to call ${this.name}`);
    if (this.#inFlight >= maxConcurrent) {
      throw new BackendBusyError(`${this.name} has ${maxConcurrent} calls open`);
    }

    this.#inFlight++;
    const limit = startLimit(clock, limitMs, exchange.signal, () =>
      new BackendTimeoutError(`${this.name} took longer than ${limitMs} ms`));
    const free = (): void => {
      limit.clear();
      this.#inFlight--;
    };
    const address = () => this.#addressed(request, path, limitMs, limit.signal);
    try {
      return await untilAborted(this.#run(address, free), limit.signal);
    } catch (error) {
      if (limit.signal.aborted) throw limit.signal.reason;
      throw new BackendFailedError(`${this.name} could not be reached`, { cause: error });
    }
  }

  /** Frees its slot when the work has really ended, maybe after the caller has left. */
  async #run(address: () => Request, free: () => void): Promise<Response> {
    try {
      const outgoing = address();
      const response = await this.#options.fetch(outgoing);
      const { body, status } = response;
      if (status > 599) {
        // An unread body would keep its connection busy.
        await body?.cancel();
        throw new RangeError(`status ${status} cannot be passed on`);
      }
      const pipe = body && new TransformStream<Uint8Array, Uint8Array>();
      const answer = new Response(pipe && pipe.readable, response);
      if (pipe) body.pipeTo(pipe.writable, { signal: outgoing.signal }).then(free, free);
      else free();
      return answer;
    } catch (error) {
      free();
      throw error;
    }
  }

  #addressed(request: Request, path: Path, limitMs: number, signal: AbortSignal): Request {
    const target = new URL(this.#options.origin);
    target.pathname = path.pathname;
    target.search = path.search;
    const headers = new Headers(request.headers);
    headers.set('x-timeout-ms', String(Math.floor(limitMs)));
    const moved = new Request(target, request);
    return new Request(moved, { headers, signal, redirect: 'manual' });
  }
  // #endregion limits
}

export function outcomeOf(error: unknown): 'busy' | 'timeout' | 'failed' {
  if (error instanceof BackendBusyError) return 'busy';
  return error instanceof BackendTimeoutError ? 'timeout' : 'failed';
}
