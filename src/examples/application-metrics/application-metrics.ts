import type { Counter, Histogram, Meter, UpDownCounter } from '@opentelemetry/api';
import { systemClock } from '../clock.ts';
import type { Clock } from '../clock.ts';

export { bucketsOf, increase, merge, quantile, shareWithin } from './buckets.ts';
export type { Buckets } from './buckets.ts';

/** Those that the conventions count as known. */
const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'CONNECT', 'TRACE'];

/** @param route the template, such as `/orders/{id}`; nothing where no route matched */
export interface Request { method: string; route?: string | undefined }

export interface RequestMetricsOptions {
  meter: Meter;
  /** All templates that the service has. */
  routes: readonly string[];
  /** Names of errors worth a series of their own; every other one counts as `_OTHER`. */
  errorTypes?: readonly string[];
  /** Upper bounds in seconds, rising; one of them is the limit that you promise. Those of the HTTP conventions of OpenTelemetry when left out. */
  bounds?: readonly number[];
  clock?: Clock;
}

/**
 * Rate, errors and duration of the requests that a service answers, and how many are open. Names and units are those of the
 * semantic conventions of OpenTelemetry for HTTP. `unmatched` is ours, where the convention has no route at all; its `url.scheme` is left out.
 */
export class RequestMetrics {
  readonly #routes: ReadonlySet<string>;
  readonly #errorTypes: ReadonlySet<string>;
  readonly #clock: Clock;
  readonly #duration: Histogram;
  readonly #open: UpDownCounter;

  constructor({ meter, routes, errorTypes = [], bounds = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10], clock = systemClock }: RequestMetricsOptions) {
    if (bounds.length === 0 || !bounds.every((bound, at) => bound > (bounds[at - 1] ?? 0) && bound < Infinity)) throw new RangeError(`bounds must be positive and rising: current value is ${bounds.join(', ')}`);
    this.#routes = new Set(routes);
    this.#errorTypes = new Set(errorTypes);
    this.#clock = clock;
    this.#duration = meter.createHistogram('http.server.request.duration', { unit: 's', advice: { explicitBucketBoundaries: [...bounds] } });
    this.#open = meter.createUpDownCounter('http.server.active_requests', { unit: '{request}' });
  }

  // #region measure
  /** Counts the request when it ends, however it ends. @throws whatever the work throws */
  async measure<Result>(request: Request, work: () => Result | Promise<Result>, statusOf: (result: Result) => number): Promise<Result> {
    // Each of these values comes from a list that we wrote. What a caller can make up becomes one value, not one series each.
    const method = methods.includes(request.method) ? request.method : '_OTHER';
    const route = request.route !== undefined && this.#routes.has(request.route) ? request.route : 'unmatched';
    const open = { 'http.request.method': method };
    const startMs = this.#clock.now();
    // A failure has its own series: else fast failures make the service look fast.
    let ending: { 'http.response.status_code'?: number; 'error.type'?: string } = {};
    this.#open.add(1, open);
    try {
      const result = await work();
      const status = statusOf(result);
      ending = status < 500 ? { 'http.response.status_code': status } : { 'http.response.status_code': status, 'error.type': `${status}` };
      return result;
    } catch (error) {
      const name = error instanceof Error ? error.name : '';
      ending = { 'error.type': this.#errorTypes.has(name) ? name : '_OTHER' };
      throw error;
    } finally {
      this.#open.add(-1, open);
      this.#duration.record((this.#clock.now() - startMs) / 1000, { ...open, 'http.route': route, ...ending });
    }
  }
  // #endregion measure
}

// #region resource
/** Utilisation and saturation of anything finite: a pool, a queue, a set of workers. Read when metrics are collected. @returns a function that ends it */
export function watchResource(meter: Meter, name: string, read: () => { used: number; size: number; waiting: number }): () => void {
  const utilisation = meter.createObservableGauge('resource.utilization', { unit: '1' });
  const waiting = meter.createObservableGauge('resource.waiting', { unit: '{request}' });
  const observe: Parameters<Meter['addBatchObservableCallback']>[0] = (result) => {
    const now = read();
    // Full says nothing about how many want in: that is what waits.
    if (now.size > 0) result.observe(utilisation, now.used / now.size, { resource: name });
    result.observe(waiting, now.waiting, { resource: name });
  };
  meter.addBatchObservableCallback(observe, [utilisation, waiting]);
  return () => meter.removeBatchObservableCallback(observe, [utilisation, waiting]);
}

/** A counter whose series are there before anything happens: "none" and "nobody counts" must not look the same. */
export function counterFromZero(meter: Meter, name: string, attribute: string, values: readonly string[]): (value: string) => void {
  const counter: Counter = meter.createCounter(name);
  for (const value of [...values, '_OTHER']) counter.add(0, { [attribute]: value });
  return (value) => counter.add(1, { [attribute]: values.includes(value) ? value : '_OTHER' });
}
// #endregion resource
