import { describe, expect, test } from 'vitest';
import { VirtualClock } from '../virtual-clock.ts';
import { LookupTimeoutError } from './contract.ts';
import type { Instance } from './contract.ts';
import { ListRefresh } from './list-refresh.ts';
import type { ListRefreshOptions } from './list-refresh.ts';

const list: Instance[] = [{ id: '1', address: '10.0.0.1' }];

/** Asks every 20 to 40 s, never within a second. */
function setUp(answer: (signal: AbortSignal, clock: VirtualClock) => Promise<readonly Instance[]> = async () => list, options: Partial<ListRefreshOptions> = {}) {
  const clock = new VirtualClock();
  const askedAtMs: number[] = [];
  const accepted: (readonly Instance[])[] = [];
  const failed: unknown[] = [];
  const stop = new AbortController();
  const refresh = new ListRefresh({
    lookup: (signal) => { askedAtMs.push(clock.now()); return answer(signal, clock); },
    accept: (instances) => accepted.push(instances),
    refreshMs: 40_000, leastMs: 1_000, timeoutMs: 3_000, clock, random: () => 0, onFailed: (error) => failed.push(error), ...options,
  });
  const running = refresh.run(stop.signal);
  return { clock, askedAtMs, accepted, failed, stop, refresh, running };
}

test('asks at once, then after pauses that are drawn between half and the whole', async () => {
  const draws = [0, 1, 0.5];
  const { clock, askedAtMs, accepted } = setUp(undefined, { random: () => draws.shift() ?? 0 });
  await clock.advance(90_000);
  expect(askedAtMs).toEqual([0, 20_000, 60_000, 90_000]);
  expect(accepted).toEqual([list, list, list, list]);
});

describe('asking sooner', () => {
  test('when a connection was refused, after a drawn moment, and at most once in the shortest pause', async () => {
    const { clock, askedAtMs, refresh } = setUp(undefined, { random: () => 0.5 });
    await clock.advance(10_000);
    refresh.soon();
    await clock.advance(499);
    for (let each = 0; each < 100; each += 1) refresh.soon();
    await clock.advance(1);
    expect(askedAtMs).toEqual([0, 10_500]);
    for (let each = 0; each < 100; each += 1) refresh.soon();
    await clock.advance(1_500);
    expect(askedAtMs).toEqual([0, 10_500, 12_000]);
    await clock.advance(20_000);
    expect(askedAtMs).toHaveLength(3);
  });

  test('is drawn once, however many connections are refused: else the least of all draws would count, for every caller', async () => {
    const draws = [0.5, 0.9];
    const { clock, askedAtMs, refresh } = setUp(undefined, { random: () => draws.shift() ?? 0 });
    await clock.advance(10_000);
    for (let each = 0; each < 100; each += 1) refresh.soon();
    await clock.advance(899);
    expect(askedAtMs).toEqual([0]);
    await clock.advance(1);
    expect(askedAtMs).toEqual([0, 10_900]);
  });

  test('never makes the pause longer, and does nothing before the first question', async () => {
    const draws = [0, 1];
    const { clock, askedAtMs, refresh } = setUp(undefined, { random: () => draws.shift() ?? 0 });
    await clock.advance(19_500);
    refresh.soon();
    await clock.advance(500);
    expect(askedAtMs).toEqual([0, 20_000]);
    new ListRefresh({ lookup: async () => list, accept: () => expect.fail('asked') }).soon();
  });
});

describe('who keeps the list is away', () => {
  test('pauses grow from the shortest to the usual one, and begin small again', async () => {
    let isAway = true;
    const { clock, askedAtMs, accepted, failed } = setUp(async () => { if (isAway) throw new TypeError('fetch failed'); return list; });
    await clock.advance(31_500);
    expect(askedAtMs).toEqual([0, 500, 1_500, 3_500, 7_500, 15_500, 31_500]);
    expect(accepted).toEqual([]);
    expect(failed).toHaveLength(7);
    await clock.advance(20_000);
    isAway = false;
    await clock.advance(20_000);
    isAway = true;
    await clock.advance(20_500);
    expect(askedAtMs.slice(-4)).toEqual([51_500, 71_500, 91_500, 92_000]);
  });

  test('a question that hangs is told to end, and counts as failed', async () => {
    const { clock, failed } = setUp((signal, on) => on.sleep(1e9, signal).then(() => list));
    await clock.advance(3_000);
    expect(failed).toEqual([new LookupTimeoutError('no list within 3000 ms')]);
  });

  test('a lookup that throws at once is a failure like any other, and nobody has to listen', async () => {
    const clock = new VirtualClock();
    const stop = new AbortController();
    const running = new ListRefresh({ lookup: () => { throw new TypeError('no such host'); }, accept: () => {}, clock }).run(stop.signal);
    await clock.advance(100_000);
    stop.abort();
    await running;
    expect(clock.pending).toBe(0);
  });
});

describe('stopping', () => {
  test('in a pause: resolves, and nothing is left waiting', async () => {
    const { clock, stop, running, askedAtMs } = setUp();
    await clock.advance(5_000);
    stop.abort();
    await running;
    expect(clock.pending).toBe(0);
    await clock.advance(60_000);
    expect(askedAtMs).toEqual([0]);
  });

  test('in a question: its signal aborts, and no failure is told', async () => {
    const { clock, stop, running, failed, accepted } = setUp((signal, on) => on.sleep(1_000, signal).then(() => list));
    await clock.advance(500);
    stop.abort();
    await running;
    expect([failed, accepted, clock.pending]).toEqual([[], [], 0]);
  });

  test('of many questions and pauses, no listener is left at the signal', async () => {
    const { clock, stop, running, askedAtMs } = setUp();
    let listening = 0;
    const { signal } = stop;
    const [add, remove] = [signal.addEventListener.bind(signal), signal.removeEventListener.bind(signal)];
    signal.addEventListener = (...args: Parameters<typeof add>) => { listening += 1; add(...args); };
    signal.removeEventListener = (...args: Parameters<typeof remove>) => { listening -= 1; remove(...args); };
    await clock.advance(1_000_000);
    expect(askedAtMs.length).toBeGreaterThan(40);
    expect(listening).toBeLessThanOrEqual(1);
    stop.abort();
    await running;
  });

  test('before it began: asks nothing', async () => {
    const stopped = new ListRefresh({ lookup: async () => expect.fail('asked'), accept: () => {} });
    await stopped.run(AbortSignal.abort());
  });
});

test('refuses options that make no sense, with name, rule and value', () => {
  for (const name of ['refreshMs', 'leastMs', 'timeoutMs'] as const) {
    expect(() => new ListRefresh({ lookup: async () => list, accept: () => {}, [name]: 0 })).toThrow(`${name} must be between 1 and 2147483647: current value is 0`);
  }
});
