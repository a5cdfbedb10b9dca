import { describe, expect, test } from 'vitest';
import { VirtualClock } from '../virtual-clock.ts';
import { MemoryQueue } from './memory-queue.ts';
import { LevellingQueue, QueueFullError } from './queue-based-load-leveling.ts';
import type { LevellingQueueOptions, QueueEvent } from './queue-based-load-leveling.ts';
import { afterPeak, placesFor } from './sizing.ts';

/** Ten a second, and nobody waits for longer than half a second: five places. */
function setUp(options: Partial<LevellingQueueOptions> = {}) {
  const clock = new VirtualClock();
  const store = new MemoryQueue<string>(clock);
  const events: QueueEvent[] = [];
  const queue = new LevellingQueue(store, { name: 'orders', drainPerSecond: 10, promiseMs: 500, random: () => 0.5, onEvent: (event) => events.push(event), ...options });
  return { clock, store, events, queue };
}

describe('accepting', () => {
  test('as many as can be done within the promise, then it refuses and says when to come back', async () => {
    const { queue, store, events } = setUp();
    expect(queue.places).toBe(5);
    for (let order = 1; order <= 5; order++) await queue.accept(`order ${order}`, 'x');
    const error = await queue.accept('order 6', 'x').catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(QueueFullError);
    expect(error).toMatchObject({ name: 'QueueFullError', queue: 'orders', retryAfterMs: 7_500, message: "queue 'orders' is full: 5 wait already; try again in 7500 ms" });
    expect(await store.backlog()).toMatchObject({ waiting: 5 });
    expect(events.map(({ type }) => type)).toEqual(['accepted', 'accepted', 'accepted', 'accepted', 'accepted', 'refused']);
  });

  test('a caller who got no answer asks again: the order waits once', async () => {
    const { queue, store, events } = setUp();
    await queue.accept('order 1', 'x');
    await queue.accept('order 1', 'x');
    expect(await store.backlog()).toMatchObject({ waiting: 1 });
    expect(events).toEqual([{ queue: 'orders', id: 'order 1', type: 'accepted' }, { queue: 'orders', id: 'order 1', type: 'repeated' }]);
  });

  test('nobody is told "accepted" before the message is stored', async () => {
    const { promise: stored, resolve: store } = Promise.withResolvers<'stored'>();
    const queue = new LevellingQueue<string>({ ...new MemoryQueue<string>(new VirtualClock()), put: () => stored } as never, { name: 'orders', drainPerSecond: 10, promiseMs: 500 });
    let answered = false;
    const accepting = queue.accept('order 1', 'x').then(() => { answered = true; });
    await Promise.resolve();
    expect(answered).toBe(false);
    store('stored');
    await accepting;
    expect(answered).toBe(true);
  });

  test('what the store throws reaches the caller, and is no refusal', async () => {
    const { events } = setUp();
    const queue = new LevellingQueue<string>({ put: () => Promise.reject(new Error('connection refused')) } as never, { name: 'orders', drainPerSecond: 10, promiseMs: 500, onEvent: (event) => events.push(event) });
    await expect(queue.accept('order 1', 'x')).rejects.toEqual(new Error('connection refused'));
    expect(events).toEqual([]);
  });

  test('has chance of its own where nothing else is said', async () => {
    const queue = new LevellingQueue(new MemoryQueue<string>(new VirtualClock()), { name: 'orders', drainPerSecond: 1, promiseMs: 1_000 });
    await queue.accept('order 1', 'x');
    const error = await queue.accept('order 2', 'x').catch((thrown: unknown) => thrown) as QueueFullError;
    expect(error.retryAfterMs).toBeGreaterThanOrEqual(5_000);
    expect(error.retryAfterMs).toBeLessThan(10_000);
  });
});

describe('signals', () => {
  test('in a burst the wait of the newest rises at once, the age of the oldest only with time', async () => {
    const { clock, queue } = setUp({ promiseMs: 60_000 });
    for (let order = 1; order <= 300; order++) await queue.accept(`order ${order}`, 'x');
    expect(await queue.signals()).toEqual({ waiting: 300, oldestMs: 0, newestMs: 30_000 });
    await clock.advance(4_000);
    expect(await queue.signals()).toEqual({ waiting: 300, oldestMs: 4_000, newestMs: 30_000 });
  });
});

describe('sizing', () => {
  test('as many places as are worked off in the time that is promised', () => {
    expect(placesFor({ promiseMs: 600_000, drainPerSecond: 5 })).toBe(3_000);
    expect(placesFor({ promiseMs: 999, drainPerSecond: 1 })).toBe(0);
  });

  test('what a peak leaves behind', () => {
    expect(afterPeak({ peakPerSecond: 2_000, peakMs: 600_000, basePerSecond: 100, drainPerSecond: 600 })).toEqual({ waiting: 840_000, longestMs: 1_400_000, emptyAfterMs: 1_680_000 });
    expect(afterPeak({ peakPerSecond: 500, peakMs: 600_000, basePerSecond: 500, drainPerSecond: 600 })).toEqual({ waiting: 0, longestMs: 0, emptyAfterMs: 0 });
    expect(afterPeak({ peakPerSecond: 600, peakMs: 600_000, basePerSecond: 600, drainPerSecond: 600 })).toMatchObject({ waiting: 0, emptyAfterMs: 0 });
    for (const basePerSecond of [600, 601]) expect(afterPeak({ peakPerSecond: 700, peakMs: 600_000, basePerSecond, drainPerSecond: 600 })).toMatchObject({ waiting: 60_000, emptyAfterMs: Infinity });
  });

  test('agrees with a queue that is drained one by one', () => {
    const wanted = afterPeak({ peakPerSecond: 50, peakMs: 60_000, basePerSecond: 5, drainPerSecond: 20 });
    let [waiting, most, emptyMs] = [0, 0, 0];
    for (let atMs = 0; atMs < 600_000 && emptyMs === 0; atMs += 10) {
      waiting = Math.max(0, waiting + ((atMs < 60_000 ? 50 : 5) - 20) / 100);
      most = Math.max(most, waiting);
      if (atMs > 60_000 && waiting < 1e-6) emptyMs = atMs;
    }
    expect(most).toBeCloseTo(wanted.waiting, 3);
    expect(emptyMs - 60_000).toBeCloseTo(wanted.emptyAfterMs, -2);
  });

  test('refuses what makes no sense', () => {
    for (const drainPerSecond of [0, Number.NaN, Infinity]) expect(() => placesFor({ promiseMs: 1, drainPerSecond })).toThrow(`drainPerSecond must be a positive number: current value is ${drainPerSecond}`);
    for (const promiseMs of [-1, Number.NaN, Infinity]) expect(() => setUp({ promiseMs })).toThrow(`promiseMs must be a number of at least 0: current value is ${promiseMs}`);
    expect(() => setUp({ promiseMs: 99 })).toThrow('promiseMs / 1,000 × drainPerSecond must be room for one message at least: current value is 0');
    for (const retryAfterMs of [-1, Number.NaN, Infinity]) expect(() => setUp({ retryAfterMs })).toThrow(`retryAfterMs must be a number of at least 0: current value is ${retryAfterMs}`);
    expect(() => afterPeak({ peakPerSecond: 0, peakMs: 1, basePerSecond: 1, drainPerSecond: 1 })).toThrow('peakPerSecond must be a positive number: current value is 0');
    expect(() => afterPeak({ peakPerSecond: 1, peakMs: 1, basePerSecond: -1, drainPerSecond: 1 })).toThrow('basePerSecond must be a number of at least 0: current value is -1');
  });
});
