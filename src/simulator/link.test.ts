import { describe, expect, test } from 'vitest';
import { callOver } from './call-over.ts';
import { bimodalLatency, constantLatency, exponentialLatency } from './latency.ts';
import { Link } from './link.ts';
import type { LinkOptions } from './link.ts';
import { Simulation } from './simulation.ts';
import { CallTimeoutError, withTimeLimit } from './time-limit.ts';

/** Sends numbered messages, one a millisecond, and says what arrived when. */
async function send(messages: number, options: Partial<LinkOptions>, stage: (simulation: Simulation, link: Link) => void = () => {}): Promise<{ arrivals: [number, number][]; link: Link }> {
  const simulation = new Simulation(1);
  const link = new Link(simulation, { latency: exponentialLatency(20), ...options });
  const arrivals: [number, number][] = [];
  for (let message = 0; message < messages; message++) simulation.schedule(message, () => link.send(() => arrivals.push([message, simulation.now()])));
  stage(simulation, link);
  await simulation.run(messages + 10_000);
  return { arrivals, link };
}

const numbers = (arrivals: [number, number][]): number[] => arrivals.map(([message]) => message);
const ascending = (count: number): number[] => Array.from({ length: count }, (_, at) => at);

test('without faults every message arrives once and in order, at its latency or when the one before it arrives', async () => {
  const { arrivals, link } = await send(5_000, {});
  expect(numbers(arrivals)).toEqual(ascending(5_000));
  expect([link.sent, link.delivered]).toEqual([5_000, 5_000]);
  const { arrivals: steady } = await send(10, { latency: constantLatency(7) });
  expect(steady).toEqual(ascending(10).map((message) => [message, message + 7]));
});

test('loss, duplication and reordering have their shares', async () => {
  const lossy = await send(20_000, { loss: 0.1 });
  expect(lossy.arrivals.length / 20_000).toBeCloseTo(0.9, 2);
  expect(numbers(lossy.arrivals)).toEqual(numbers(lossy.arrivals).toSorted((one, other) => one - other));
  const double = await send(20_000, { duplication: 0.1 });
  expect(double.arrivals.length / 20_000).toBeCloseTo(1.1, 2);
  expect(new Set(numbers(double.arrivals)).size).toBe(20_000);
  const loose = await send(20_000, { reordering: 1 });
  const waits = loose.arrivals.map(([message, atMs]) => atMs - message);
  expect(waits.reduce((sum, each) => sum + each, 0) / 20_000).toBeCloseTo(20, 0);
  expect(numbers(loose.arrivals)).not.toEqual(ascending(20_000));
});

test('more of one fault leaves the fate of all else as it was', async () => {
  const times = async (options: Partial<LinkOptions>): Promise<Map<number, number>> => new Map((await send(500, { reordering: 1, ...options })).arrivals);
  const [calm, lossy] = [await times({}), await times({ loss: 0.3 })];
  expect(lossy.size).toBeLessThan(400);
  for (const [message, atMs] of lossy) expect(atMs).toBe(calm.get(message));
  const twice = (await send(500, { reordering: 1, duplication: 0.3 })).arrivals;
  for (const [message, atMs] of calm) expect(twice).toContainEqual([message, atMs]);
});

test.each(ascending(20))('order does not hang on the last bit of a sum, seed %i', async (seed) => {
  const simulation = new Simulation(seed);
  const delays = simulation.stream('delays');
  // All wait for the first one, at times of which the differences are not exact.
  const link = new Link(simulation, { latency: (random) => (simulation.now() === 0 ? 1_000 : 1) * random.next() });
  const arrived: number[] = [];
  let sent = 0;
  const next = (): void => {
    const message = sent++;
    link.send(() => arrived.push(message));
    if (sent < 1000) simulation.schedule(delays.next(), next);
  };
  next();
  await simulation.run(20_000);
  expect(arrived).toEqual(ascending(1000));
});

test('while it is cut nothing leaves and nothing arrives', async () => {
  const { arrivals } = await send(100, { latency: constantLatency(10) }, (simulation, link) => {
    simulation.setTimeout(() => link.cut(), 30.5);
    simulation.setTimeout(() => link.heal(), 60.5);
  });
  // 0 to 20 arrived before, 21 to 30 were under way, 31 to 60 could not leave.
  expect(numbers(arrivals)).toEqual([...ascending(21), ...ascending(100).slice(61)]);
});

test('one seed gives one trace', async () => {
  const options = { loss: 0.1, duplication: 0.1, reordering: 0.2, latency: bimodalLatency(exponentialLatency(5), constantLatency(200), 0.05) };
  expect((await send(1000, options)).arrivals).toEqual((await send(1000, options)).arrivals);
});

describe('a call over two links', () => {
  /** What a caller sees, and how often the work was done, when one thing is broken. */
  async function call(broken: 'nothing' | 'request' | 'answer' | 'duplicate' | 'service'): Promise<{ seen: unknown; atMs: number; served: number }> {
    const simulation = new Simulation(1);
    const there = new Link(simulation, { latency: constantLatency(5), loss: broken === 'request' ? 1 : 0, duplication: broken === 'duplicate' ? 1 : 0, stream: 'there' });
    const back = new Link(simulation, { latency: constantLatency(5), loss: broken === 'answer' ? 1 : 0, stream: 'back' });
    let served = 0;
    let seen: unknown;
    let atMs = 0;
    simulation.spawn(async () => {
      seen = await withTimeLimit(simulation, 100, () => callOver(there, back, async () => {
        served += 1;
        await simulation.sleep(20);
        if (broken === 'service') throw new TypeError('no');
        return served;
      })).catch((error: unknown) => String(error));
      atMs = simulation.now();
    });
    await simulation.run(1_000);
    return { seen, atMs, served };
  }

  test('brings the answer, or the error, after both ways', async () => {
    expect(await call('nothing')).toEqual({ seen: 1, atMs: 30, served: 1 });
    expect(await call('service')).toEqual({ seen: 'TypeError: no', atMs: 30, served: 1 });
  });

  test('looks the same to the caller whether the request or the answer was lost', async () => {
    const [request, answer] = [await call('request'), await call('answer')];
    expect(request).toEqual({ seen: String(new CallTimeoutError('no answer within 100 ms')), atMs: 100, served: 0 });
    expect(answer).toEqual({ ...request, served: 1 });
  });

  test('is worked on twice when the request arrives twice, and answered once', async () => {
    expect(await call('duplicate')).toEqual({ seen: 2, atMs: 30, served: 2 });
  });
});
