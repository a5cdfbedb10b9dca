import { DataPointType, MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics';
import type { DataPoint, Histogram } from '@opentelemetry/sdk-metrics';
import { beforeEach, describe, expect, test } from 'vitest';
import { VirtualClock } from '../virtual-clock.ts';
import { bucketsOf, counterFromZero, increase, merge, quantile, RequestMetrics, shareWithin, watchResource } from './application-metrics.ts';
import type { Buckets, Request, RequestMetricsOptions } from './application-metrics.ts';

/** Asks when the test asks, as Prometheus does when it scrapes. */
class Scrape extends MetricReader {
  protected override async onForceFlush(): Promise<void> {}
  protected override async onShutdown(): Promise<void> {}
}

let scrape: Scrape;
let clock: VirtualClock;
/** A process with its own counts; the next one begins at zero. */
function start(): MeterProvider {
  scrape = new Scrape();
  return new MeterProvider({ readers: [scrape] });
}
let process: MeterProvider;
beforeEach(() => { process = start(); clock = new VirtualClock(); });

async function points<Value = number>(name: string): Promise<DataPoint<Value>[]> {
  const { resourceMetrics, errors } = await scrape.collect();
  expect(errors).toEqual([]);
  return resourceMetrics.scopeMetrics.flatMap(({ metrics }) => metrics).filter(({ descriptor }) => descriptor.name === name).flatMap(({ dataPoints }) => dataPoints as unknown as DataPoint<Value>[]);
}
const durations = (): Promise<DataPoint<Histogram>[]> => points<Histogram>('http.server.request.duration');
const bucketsIn = ({ value }: DataPoint<Histogram>): Buckets => ({ bounds: value.buckets.boundaries, counts: value.buckets.counts });

const routes = ['/orders', '/orders/{id}'];
const metrics = (options: Partial<RequestMetricsOptions> = {}): RequestMetrics => new RequestMetrics({ meter: process.getMeter('orders'), routes, errorTypes: ['TimeoutError'], clock, ...options });
/** A request that takes `ms` and ends with a status, or with an error. */
async function request(into: RequestMetrics, { ms = 10, method = 'GET', route = '/orders', ending = 200 }: Partial<Request> & { ms?: number; ending?: number | Error } = {}): Promise<unknown> {
  const answer = into.measure({ method, route }, async () => {
    await clock.sleep(ms);
    if (ending instanceof Error) throw ending;
    return ending;
  }, (status) => status);
  answer.catch(() => {});
  await clock.advance(ms);
  return answer;
}
const named = (name: string): Error => Object.assign(new Error(name), { name });

describe('a request', () => {
  test('is counted with its method, its route, its status and its duration in seconds', async () => {
    await request(metrics(), { ms: 40, route: '/orders/{id}', ending: 201 });
    const [point] = await durations();
    expect(point!.attributes).toEqual({ 'http.request.method': 'GET', 'http.route': '/orders/{id}', 'http.response.status_code': 201 });
    expect(point!.value).toMatchObject({ count: 1, sum: 0.04 });
  });

  test('gives its result back, and its error as it was', async () => {
    expect(await request(metrics(), { ending: 204 })).toBe(204);
    const error = named('OutOfStockError');
    await expect(request(metrics(), { ending: error })).rejects.toBe(error);
  });

  test('that fails has a series of its own, with the status or with the kind of error', async () => {
    const orders = metrics();
    await request(orders, { ending: 503 });
    await request(orders, { ending: named('TimeoutError') }).catch(() => {});
    expect((await durations()).map(({ attributes }) => [attributes['http.response.status_code'], attributes['error.type']])).toEqual([[503, '503'], [undefined, 'TimeoutError']]);
  });

  test('that the caller got wrong is no failure of the service', async () => {
    await request(metrics(), { ending: 404 });
    expect((await durations())[0]!.attributes).not.toHaveProperty('error.type');
  });

  test('is open until it ends, whether it answers, fails or never began', async () => {
    const orders = metrics();
    const open = async (): Promise<number | undefined> => (await points('http.server.active_requests'))[0]?.value;
    const [one, other] = [orders.measure({ method: 'GET' }, () => clock.sleep(10), () => 200), orders.measure({ method: 'GET' }, () => clock.sleep(20).then(() => { throw new Error('no'); }), () => 200)];
    other.catch(() => {});
    expect(await open()).toBe(2);
    await clock.advance(10);
    await one;
    expect(await open()).toBe(1);
    await clock.advance(10);
    await expect(other).rejects.toThrow('no');
    await expect(orders.measure({ method: 'GET' }, () => { throw new Error('at once'); }, () => 200)).rejects.toThrow('at once');
    expect(await open()).toBe(0);
  });

  test('is put into buckets at the bounds that were asked for', async () => {
    const orders = metrics({ bounds: [0.1, 0.3] });
    for (const ms of [50, 100, 101, 300, 301]) await request(orders, { ms });
    expect(bucketsIn((await durations())[0]!)).toEqual({ bounds: [0.1, 0.3], counts: [2, 2, 1] });
  });
});

describe('what callers make up', () => {
  test('becomes one series: ten thousand paths that nobody serves', async () => {
    const orders = metrics();
    for (let at = 0; at < 10_000; at += 1) await orders.measure({ method: 'GET', route: `/.env.${at}` }, () => 404, (status) => status);
    const series = await durations();
    expect(series.map(({ attributes, value }) => [attributes['http.route'], value.count])).toEqual([['unmatched', 10_000]]);
  });

  test('would, as a label, first fill the memory of the kit and then hide the failures of real routes', async () => {
    const naive = process.getMeter('orders').createHistogram('naive');
    for (let at = 0; at < 5_000; at += 1) naive.record(0.01, { path: `/.env.${at}`, failed: false });
    for (let at = 0; at < 100; at += 1) naive.record(0.01, { path: '/orders', failed: true });
    const series = await points<Histogram>('naive');
    expect(series.length).toBe(2_000);
    expect(series.filter(({ attributes }) => attributes.failed === true)).toEqual([]);
    expect(series.filter(({ attributes }) => attributes['otel.metric.overflow'] === true).map(({ value }) => value.count)).toEqual([5_100 - 1_999]);
  });

  test('is _OTHER as a method, and as a kind of error', async () => {
    const orders = metrics();
    await request(orders, { method: 'BREW' });
    await request(orders, { method: 'TRACE', ending: 405 });
    await request(orders, { ending: named('Whatever') }).catch(() => {});
    await orders.measure({ method: 'GET', route: '/orders' }, () => Promise.reject('a text'), () => 200).catch(() => {});
    expect((await durations()).map(({ attributes, value }) => [attributes['http.request.method'], attributes['error.type'], value.count])).toEqual([['_OTHER', undefined, 1], ['TRACE', undefined, 1], ['GET', '_OTHER', 2]]);
  });

  test('is unmatched where no route is given', async () => {
    await metrics().measure({ method: 'GET' }, () => 404, (status) => status);
    expect((await durations())[0]!.attributes['http.route']).toBe('unmatched');
  });
});

describe('reading durations', () => {
  test('the average hides the tail, the buckets show it', async () => {
    const orders = metrics();
    for (let at = 0; at < 100; at += 1) await request(orders, { ms: at < 95 ? 40 : 4_000 });
    const [point] = await durations();
    expect(point!.value.sum! / point!.value.count).toBeCloseTo(0.238);
    expect(quantile(bucketsIn(point!), 0.99)).toMatchObject({ above: 2.5, upTo: 5 });
    expect(quantile(bucketsIn(point!), 0.5)).toMatchObject({ above: 0.025, upTo: 0.05 });
  });

  test('fast failures make all requests together look fast, and not the successes', async () => {
    const orders = metrics();
    for (let at = 0; at < 100; at += 1) await request(orders, at < 60 ? { ms: 1, ending: 503 } : { ms: 800 });
    const series = await durations();
    const good = series.find(({ attributes }) => !('error.type' in attributes))!;
    expect(quantile(merge(series.map(bucketsIn)), 0.5)).toMatchObject({ upTo: 0.005 });
    expect(quantile(bucketsIn(good), 0.5)).toMatchObject({ above: 0.75, upTo: 1 });
  });

  test('percentiles cannot be averaged, buckets can be added', () => {
    const bounds = [0.1, 0.2, 0.5, 1, 2];
    const busy = bucketsOf(bounds, Array.from({ length: 990 }, () => 0.15));
    const idle = bucketsOf(bounds, Array.from({ length: 10 }, () => 1.5));
    const averaged = (quantile(busy, 0.95)!.estimate + quantile(idle, 0.95)!.estimate) / 2;
    expect(averaged).toBeGreaterThan(1); // of a thousand requests ten took longer than 0.2 s
    expect(quantile(merge([busy, idle]), 0.95)).toMatchObject({ above: 0.1, upTo: 0.2 });
  });

  test('buckets with other bounds are refused, none at all are empty', () => {
    expect(() => merge([bucketsOf([1], []), bucketsOf([2], [])])).toThrow(new RangeError('only buckets with the same bounds can be merged'));
    expect(merge([])).toEqual({ bounds: [], counts: [0] });
    expect(quantile(merge([]), 0.99)).toBeUndefined();
  });

  test('a first bucket wider than all values gives the percentile back, whatever was measured', () => {
    for (const value of [0.003, 0.02, 0.09]) {
      const coarse = bucketsOf([0.1, 1], Array.from({ length: 100 }, () => value));
      expect(quantile(coarse, 0.99)).toEqual({ above: 0, upTo: 0.1, estimate: expect.closeTo(0.099) });
    }
  });

  test('above the last bound nobody knows, and the estimate stops there', () => {
    for (const value of [11, 600]) expect(quantile(bucketsOf([1, 10], [value]), 0.99)).toEqual({ above: 10, upTo: Infinity, estimate: 10 });
  });

  test('what was promised is exact where it is a bound, and refused where it is not', () => {
    const counted = bucketsOf([0.1, 0.3, 1], [0.05, 0.29, 0.3, 0.31, 5]);
    expect(shareWithin(counted, 0.3)).toBe(0.6);
    expect(shareWithin(bucketsOf([0.3], []), 0.3)).toBeUndefined(); // no traffic is neither good nor bad
    expect(() => shareWithin(counted, 0.2)).toThrow(new RangeError('limit must be one of the bounds 0.1, 0.3, 1: current value is 0.2'));
  });

  test('an empty bucket is never where a quantile lies', () => {
    expect(quantile(bucketsOf([1, 2, 3], [2.5]), 0)).toMatchObject({ above: 2, upTo: 3 });
  });
});

describe('a counter', () => {
  test('that begins anew has gone up by what it says since, and not down', () => {
    expect(increase([100, 160, 30, 50])).toBe(110);
    expect(increase([7])).toBe(0);
    expect(increase([])).toBe(0);
  });

  test('is read so across a restart of a real process', async () => {
    const samples: number[] = [];
    for (const count of [3, 2]) {
      process = start();
      const orders = metrics();
      samples.push(0);
      for (let at = 0; at < count; at += 1) {
        await request(orders);
        samples.push((await durations())[0]!.value.count);
      }
    }
    expect(samples).toEqual([0, 1, 2, 3, 0, 1, 2]);
    expect(samples.at(-1)! - samples[0]!).toBe(2);
    expect(increase(samples)).toBe(5);
  });

  test('is there before anything happens, for each value that it can have, and bounded', async () => {
    const placed = counterFromZero(process.getMeter('orders'), 'orders.placed', 'channel', ['web', 'app']);
    const read = async (): Promise<unknown> => (await points('orders.placed')).map(({ attributes, value }) => [attributes.channel, value]);
    expect(await read()).toEqual([['web', 0], ['app', 0], ['_OTHER', 0]]);
    for (const channel of ['app', 'fax', 'telex']) placed(channel);
    expect(await read()).toEqual([['web', 0], ['app', 1], ['_OTHER', 2]]);
  });
});

describe('a resource', () => {
  test('says how full it is and how many wait, at the moment of reading, until it is let go', async () => {
    const pool = { used: 4, size: 10, waiting: 0 };
    const end = watchResource(process.getMeter('orders'), 'connections', () => pool);
    expect((await points('resource.utilization')).map(({ attributes, value }) => [attributes.resource, value])).toEqual([['connections', 0.4]]);
    Object.assign(pool, { used: 10, waiting: 25 });
    expect([(await points('resource.utilization'))[0]!.value, (await points('resource.waiting'))[0]!.value]).toEqual([1, 25]);
    end();
    Object.assign(pool, { used: 0, waiting: 0 });
    expect(await points('resource.waiting').then((left) => left.filter(({ value }) => value === 0))).toEqual([]);
  });

  test('stands beside others, which go on when one of them cannot be read or is let go', async () => {
    const watch = (name: string, waiting: () => number) => watchResource(process.getMeter('orders'), name, () => ({ used: 1, size: 4, waiting: waiting() }));
    const end = watch('connections', () => 7);
    watch('workers', () => 3);
    const read = async (): Promise<unknown> => (await points('resource.waiting')).map(({ attributes, value }) => [attributes.resource, value]);
    expect(await read()).toEqual([['connections', 7], ['workers', 3]]);
    watch('broken', () => { throw new Error('closed'); });
    const { resourceMetrics, errors } = await scrape.collect();
    expect(errors).toEqual([new Error('closed')]);
    expect(resourceMetrics.scopeMetrics[0]!.metrics.map(({ dataPoints }) => dataPoints.length)).toEqual([2, 2]);
    end();
    expect((await scrape.collect()).resourceMetrics.scopeMetrics[0]!.metrics.find(({ descriptor }) => descriptor.name === 'resource.waiting')!.dataPoints.map(({ attributes }) => attributes.resource)).toContain('workers');
  });

  test('without any place has no share that is used, and still those that wait', async () => {
    watchResource(process.getMeter('orders'), 'connections', () => ({ used: 0, size: 0, waiting: 3 }));
    expect([await points('resource.utilization'), (await points('resource.waiting'))[0]!.value]).toEqual([[], 3]);
  });

  test('is a gauge, since it can go down', async () => {
    watchResource(process.getMeter('orders'), 'connections', () => ({ used: 1, size: 2, waiting: 0 }));
    const { resourceMetrics } = await scrape.collect();
    expect(resourceMetrics.scopeMetrics[0]!.metrics.map(({ dataPointType }) => dataPointType)).toEqual([DataPointType.GAUGE, DataPointType.GAUGE]);
  });
});

test('wrong bounds are refused', () => {
  for (const bounds of [[], [0], [-1, 1], [1, 1], [2, 1], [1, Number.NaN], [1, Infinity]]) {
    expect(() => metrics({ bounds }), `${bounds}`).toThrow(new RangeError(`bounds must be positive and rising: current value is ${bounds.join(', ')}`));
  }
});

test('without a clock the time of the system counts', async () => {
  const orders = new RequestMetrics({ meter: process.getMeter('orders'), routes });
  await orders.measure({ method: 'GET', route: '/orders' }, () => 200, (status) => status);
  expect((await durations())[0]!.value.sum).toBeLessThan(1);
});
