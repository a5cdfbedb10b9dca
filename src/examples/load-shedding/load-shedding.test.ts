import { describe, expect, test } from 'vitest';
import { VirtualClock } from '../virtual-clock.ts';
import { LoadShedder, OverloadedError } from './load-shedding.ts';
import type { LoadShedderEvent, LoadShedderOptions, RequestOptions } from './load-shedding.ts';

/** Two slots, each held for 100 ms: one comes free every 50 ms. Requests may wait for 100 ms. */
function setUp(options: Partial<LoadShedderOptions> = {}) {
  const clock = new VirtualClock();
  const events: LoadShedderEvent[] = [];
  const shedder = new LoadShedder({ name: 'orders', slots: 2, holdMs: 100, waitMs: 100, clock, random: () => 0, onEvent: (event) => events.push(event), ...options });
  const begun: string[] = [];
  const answers = new Map<string, unknown>();
  const ask = (name: string, { takesMs = 100, ...request }: RequestOptions & { takesMs?: number } = {}): void => {
    answers.set(name, 'none yet');
    void shedder.run(async () => {
      begun.push(name);
      await clock.sleep(takesMs);
      return 'done';
    }, request).then((result) => answers.set(name, result), (error: unknown) => answers.set(name, error instanceof OverloadedError ? error.reason : error));
  };
  const answer = (name: string): unknown => answers.get(name);
  return { clock, events, shedder, begun, ask, answer };
}

describe('admission', () => {
  test('works on as many requests as it has slots, and lets as many wait as can begin in time', async () => {
    const { clock, begun, ask, answer, shedder } = setUp();
    for (const name of ['a', 'b', 'c', 'd', 'e']) ask(name);
    await clock.advance(0);
    expect(begun).toEqual(['a', 'b']);
    expect([shedder.running, shedder.waiting]).toEqual([2, 2]);
    expect(answer('e')).toBe('would wait');
    await clock.advance(200);
    expect(begun).toEqual(['a', 'b', 'c', 'd']);
    expect([shedder.running, shedder.waiting, clock.pending]).toEqual([0, 0, 0]);
  });

  test('a request that is refused on arrival is never begun, costs no time, and says when to come back', async () => {
    const { clock, shedder, begun, ask } = setUp({ random: () => 0.5, spreadMs: 4_000.5 });
    for (const name of ['a', 'b', 'c', 'd']) ask(name);
    const error = await shedder.run(async () => begun.push('e')).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'OverloadedError', service: 'orders', reason: 'would wait', retryAfterMs: 150 + 2_000.25, message: "'orders' is overloaded (would wait): try again in 2151 ms" });
    expect(clock.now()).toBe(0);
    await clock.advance(1_000);
    expect(begun).not.toContain('e');
  });

  test('never more at the same time than slots, whoever comes when a slot changes hands', async () => {
    const { clock, shedder } = setUp({ waitMs: 10_000 });
    let [running, most] = [0, 0];
    for (let request = 0; request < 40; request++) {
      void shedder.run(async () => {
        running += 1;
        most = Math.max(most, running);
        await clock.sleep(37);
        running -= 1;
      });
      await clock.advance(request % 3 === 0 ? 37 : 1);
    }
    await clock.advance(10_000);
    expect([most, running, shedder.running, clock.pending]).toEqual([2, 0, 0, 0]);
  });

  test('ten times what it can do: it goes on doing what it can, and each answer is in time', async () => {
    const { clock, shedder } = setUp();
    const tookMs: number[] = [];
    for (let request = 0; request < 2_000; request++) {
      const startMs = clock.now();
      shedder.run(() => clock.sleep(100)).then(() => tookMs.push(clock.now() - startMs), () => {});
      await clock.advance(5);
    }
    // Two slots for ten seconds, 100 ms each: 200, and the last two are still running.
    expect(tookMs.length).toBeGreaterThanOrEqual(198);
    expect(Math.max(...tookMs)).toBeLessThanOrEqual(200);
  });

  test('no request is worked on whose caller would be gone before it ends', async () => {
    const { clock, ask, answer, begun } = setUp();
    ask('a');
    await clock.advance(50);
    ask('b');
    ask('in a hurry', { withinMs: 149 });
    ask('patient', { withinMs: 150 });
    await clock.advance(300);
    expect(answer('in a hurry')).toBe('would wait');
    expect(begun).toEqual(['a', 'b', 'patient']);
  });

  test('a turn that comes later than was expected is a refusal at the limit, and not an answer too late', async () => {
    const { clock, ask, answer, begun, events } = setUp();
    ask('a', { takesMs: 900 });
    ask('b', { takesMs: 900 });
    ask('c');
    await clock.advance(99);
    expect(answer('c')).toBe('none yet');
    await clock.advance(1);
    expect(answer('c')).toBe('waited');
    expect(events.at(-1)).toMatchObject({ type: 'refused', reason: 'waited', waitedMs: 100, waiting: 0 });
    ask('in a hurry', { withinMs: 160 });
    await clock.advance(59);
    expect(answer('in a hurry')).toBe('none yet');
    await clock.advance(1);
    expect(answer('in a hurry')).toBe('waited');
    await clock.advance(2_000);
    expect(begun).toEqual(['a', 'b']);
    expect(clock.pending).toBe(0);
  });
});

describe('estimate', () => {
  test('when the work gets slower, fewer may wait', async () => {
    const { clock, shedder, ask } = setUp({ waitMs: 300 });
    const waitingNow = (): number => {
      for (let request = 0; request < 20; request++) ask(`${clock.now()}/${request}`, { takesMs: 400 });
      return shedder.waiting;
    };
    expect(waitingNow()).toBe(6);
    await clock.advance(5_000);
    for (let round = 0; round < 20; round++) {
      ask('slow', { takesMs: 400 });
      await clock.advance(400);
    }
    expect(waitingNow()).toBe(1);
  });

  test('a free slot is taken although the estimate says no: a wrong estimate gets corrected', async () => {
    const { clock, ask, answer } = setUp({ holdMs: 60_000 });
    for (let round = 0; round < 100; round++) {
      ask('first', { withinMs: 1_000, takesMs: 10 });
      await clock.advance(10);
      expect(answer('first')).toBe('done');
    }
    for (const name of ['a', 'b', 'c']) ask(name, { withinMs: 1_000, takesMs: 10 });
    await clock.advance(100);
    expect(answer('c')).toBe('done');
  });
});

describe('importance', () => {
  test('who matters more goes first, in order of arrival among equals', async () => {
    const { clock, begun, ask } = setUp({ waitMs: 1_000 });
    for (const [name, priority] of [['a', 0], ['b', 0], ['crawler', 2], ['page', 1], ['checkout', 0], ['second checkout', 0]] as const) ask(name, { priority });
    await clock.advance(1_000);
    expect(begun).toEqual(['a', 'b', 'checkout', 'second checkout', 'page', 'crawler']);
  });

  test('the less important are refused first: they wait behind all others, who do not count them', async () => {
    const { clock, ask, answer } = setUp();
    for (const name of ['a', 'b', 'page 1', 'page 2']) ask(name, { priority: 1 });
    ask('page 3', { priority: 1 });
    ask('checkout 1');
    ask('checkout 2');
    ask('checkout 3');
    await clock.advance(0);
    expect(['page 3', 'checkout 1', 'checkout 2', 'checkout 3'].map(answer)).toEqual(['would wait', 'none yet', 'none yet', 'would wait']);
    await clock.advance(400);
    expect(['page 1', 'page 2', 'checkout 1', 'checkout 2'].map(answer)).toEqual(['waited', 'waited', 'done', 'done']);
  });

  test('a place in a full waiting room goes to who matters more; the oldest of the least important loses it', async () => {
    const { clock, ask, answer } = setUp({ waitMs: 10_000, mostWaiting: 3 });
    ask('a');
    ask('b');
    ask('page', { priority: 1 });
    ask('crawler 1', { priority: 2 });
    ask('crawler 2', { priority: 2 });
    ask('crawler 3', { priority: 2 });
    ask('checkout');
    await clock.advance(0);
    expect(['page', 'crawler 1', 'crawler 2', 'crawler 3', 'checkout'].map(answer)).toEqual(['none yet', 'outranked', 'none yet', 'full', 'none yet']);
    ask('checkout 2');
    ask('checkout 3');
    ask('checkout 4');
    await clock.advance(0);
    expect(['page', 'crawler 2', 'checkout 2', 'checkout 3', 'checkout 4'].map(answer)).toEqual(['outranked', 'outranked', 'none yet', 'none yet', 'full']);
    await clock.advance(1_000);
    expect(clock.pending).toBe(0);
  });
});

describe('slots come back', () => {
  test('after a rejection, and after an error that is thrown at once', async () => {
    const { clock, shedder, events } = setUp({ slots: 1 });
    const boom = new Error('boom');
    await expect(shedder.run(() => Promise.reject(boom))).rejects.toBe(boom);
    await expect(shedder.run(() => { throw boom; })).rejects.toBe(boom);
    expect(shedder.running).toBe(0);
    expect(events.filter(({ type }) => type === 'ended')).toMatchObject([{ outcome: 'rejected', running: 0 }, { outcome: 'rejected', running: 0 }]);
    expect(clock.pending).toBe(0);
  });

  test('a caller that leaves while it waits gives its place up at once', async () => {
    const { clock, shedder, ask, begun, events } = setUp();
    ask('a');
    ask('b');
    const controller = new AbortController();
    const waiting = shedder.run(async () => begun.push('c'), { signal: controller.signal }).catch((error: unknown) => error);
    await clock.advance(30);
    controller.abort(new Error('gone'));
    expect(await waiting).toEqual(new Error('gone'));
    expect([shedder.waiting, events.at(-1)]).toMatchObject([0, { type: 'left', waitedMs: 30 }]);
    await clock.advance(500);
    expect(begun).toEqual(['a', 'b']);
    expect(clock.pending).toBe(0);
  });

  test('a caller that leaves after its turn has come is not counted as gone', async () => {
    const { shedder, clock, ask, events } = setUp({ slots: 1 });
    const controller = new AbortController();
    ask('a');
    ask('b', { signal: controller.signal });
    await clock.advance(300);
    controller.abort();
    expect(events.map(({ type }) => type)).toEqual(['started', 'ended', 'started', 'ended']);
    expect(shedder.running).toBe(0);
  });

  test('a caller that leaves in the moment of the handover is not worked for, and the slot goes on to the next', async () => {
    const { shedder, clock } = setUp({ slots: 1 });
    const controller = new AbortController();
    const { promise: end, resolve: endFirst } = Promise.withResolvers<void>();
    let worked = false;
    void shedder.run(() => end);
    const second = shedder.run(async () => { worked = true; }, { signal: controller.signal }).catch((error: unknown) => error);
    await clock.advance(10);
    endFirst();
    // The handover happens in the microtasks after the end; the caller leaves in one of them.
    for (let hop = 0; hop < 20 && shedder.waiting > 0; hop++) await Promise.resolve();
    controller.abort(new Error('gone'));
    expect(await second).toEqual(new Error('gone'));
    expect([worked, shedder.running]).toEqual([false, 0]);
  });

  test('a caller that has left before it asks is not admitted', async () => {
    const { shedder, begun, events } = setUp();
    await expect(shedder.run(async () => begun.push('a'), { signal: AbortSignal.abort(new Error('gone')) })).rejects.toEqual(new Error('gone'));
    expect([begun, events]).toEqual([[], []]);
  });
});

test('tells what it decided', async () => {
  const { clock, ask, events } = setUp({ slots: 1 });
  ask('a', { takesMs: 80 });
  ask('b', { priority: 2 });
  ask('c', { priority: 1, withinMs: 50 });
  await clock.advance(80);
  expect(events).toEqual([
    { service: 'orders', atMs: 0, priority: 0, running: 1, waiting: 0, holdMs: 100, type: 'started', waitedMs: 0 },
    { service: 'orders', atMs: 0, priority: 1, running: 1, waiting: 1, holdMs: 100, type: 'refused', reason: 'would wait', waitedMs: 0, retryAfterMs: 100 },
    { service: 'orders', atMs: 80, priority: 0, running: 1, waiting: 0, holdMs: 98, type: 'ended', outcome: 'fulfilled', heldMs: 80 },
    { service: 'orders', atMs: 80, priority: 2, running: 1, waiting: 0, holdMs: 98, type: 'started', waitedMs: 80 },
  ]);
});

test('has the system clock, chance and three classes where nothing else is said', async () => {
  const shedder = new LoadShedder({ name: 'orders', slots: 1, holdMs: 1_000 });
  expect(await shedder.run(async () => 'done', { priority: 2 })).toBe('done');
  void shedder.run(() => new Promise(() => {}));
  const error = await shedder.run(async () => 'done').catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(OverloadedError);
  expect((error as OverloadedError).retryAfterMs).toBeLessThan(6_000);
});

test('refuses options that make no sense', async () => {
  for (const value of [0, 1.5, Number.NaN, Infinity]) {
    for (const name of ['slots', 'classes', 'mostWaiting'] as const) expect(() => setUp({ [name]: value })).toThrow(`${name} must be a whole number from 1 to 9007199254740991: current value is ${value}`);
  }
  for (const waitMs of [0, Number.NaN, 2 ** 31]) expect(() => setUp({ waitMs })).toThrow(`waitMs must be above 0 and at most 2147483647: current value is ${waitMs}`);
  for (const holdMs of [0, Number.NaN, Infinity]) expect(() => setUp({ holdMs })).toThrow(`holdMs must be a positive number: current value is ${holdMs}`);
  for (const spreadMs of [-1, Number.NaN, Infinity]) expect(() => setUp({ spreadMs })).toThrow(`spreadMs must be a number of at least 0: current value is ${spreadMs}`);
  const { shedder } = setUp();
  for (const priority of [-1, 3, 0.5]) await expect(shedder.run(async () => 'done', { priority })).rejects.toEqual(new RangeError(`priority must be a whole number from 0 to 2: current value is ${priority}`));
  for (const withinMs of [0, Number.NaN]) await expect(shedder.run(async () => 'done', { withinMs })).rejects.toEqual(new RangeError(`withinMs must be above 0: current value is ${withinMs}`));
  expect(shedder.running).toBe(0);
});
