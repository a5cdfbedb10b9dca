import { describe, expect, test } from 'vitest';
import { VirtualClock } from '../virtual-clock.ts';
import { Bulkhead, BulkheadFullError } from './bulkhead.ts';
import type { BulkheadEvent, BulkheadOptions } from './bulkhead.ts';

class DownError extends Error { override readonly name = 'DownError'; }

/** Two slots, three places in the queue, a wait of at most 500 ms. */
function setUp(options: Partial<BulkheadOptions> = {}) {
  const clock = new VirtualClock();
  const events: BulkheadEvent[] = [];
  const bulkhead = new Bulkhead({ name: 'payments', slots: 2, queue: 3, waitMs: 500, clock, onEvent: (event) => events.push(event), ...options });
  return { bulkhead, clock, events };
}

/** A call that ends when the test says so. */
function pendingCall(bulkhead: Bulkhead, signal?: AbortSignal) {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const call = { started: false, succeed: () => resolve('paid'), fail: () => reject(new DownError('no answer')), result: Promise.resolve('') };
  call.result = bulkhead.run(() => { call.started = true; return promise; }, signal);
  call.result.catch(() => {});
  return call;
}

const succeed = async (): Promise<string> => 'paid';

async function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(() => expect.fail('resolved'), (error: unknown) => error);
}

describe('slots', () => {
  test('passes results and errors on unchanged', async () => {
    const { bulkhead } = setUp();
    expect(await bulkhead.run(succeed)).toBe('paid');
    const error = new DownError('no answer');
    expect(await rejection(bulkhead.run(async () => { throw error; }))).toBe(error);
  });

  test('a free slot is taken at once, without a turn of the event loop', () => {
    const { bulkhead } = setUp();
    expect(pendingCall(bulkhead).started).toBe(true);
    expect(bulkhead.running).toBe(1);
  });

  test('never more run than there are slots, whatever the order of ends and arrivals', async () => {
    const { bulkhead, clock } = setUp({ queue: 100, waitMs: 10_000 });
    let [running, most, done] = [0, 0, 0];
    const operation = async (): Promise<void> => {
      running += 1;
      most = Math.max(most, running);
      await clock.sleep(1 + (done * 7) % 5);
      running -= 1;
      done += 1;
    };
    for (let wave = 0; wave < 20; wave++) {
      for (let call = 0; call < 4; call++) void bulkhead.run(operation);
      await clock.advance(wave % 4);
      void bulkhead.run(operation);
    }
    await clock.advance(1_000);
    expect({ most, done, running: bulkhead.running, waiting: bulkhead.waiting, timers: clock.pending }).toEqual({ most: 2, done: 100, running: 0, waiting: 0, timers: 0 });
  });

  test('a slot comes back after a success, a rejection and a synchronous throw', async () => {
    const { bulkhead } = setUp({ slots: 1, queue: 0 });
    for (let round = 0; round < 3; round++) {
      await bulkhead.run(succeed);
      expect(await rejection(bulkhead.run(async () => { throw new DownError('no answer'); }))).toBeInstanceOf(DownError);
      expect(await rejection(bulkhead.run(() => { throw new DownError('bad address'); }))).toBeInstanceOf(DownError);
    }
    expect(bulkhead.running).toBe(0);
  });
});

describe('queue', () => {
  test('serves in order of arrival, and each end lets exactly one in', async () => {
    const { bulkhead, clock } = setUp();
    const calls = [1, 2, 3, 4, 5].map(() => pendingCall(bulkhead));
    const started = () => calls.map((call) => call.started);
    expect(started()).toEqual([true, true, false, false, false]);
    expect(bulkhead).toMatchObject({ running: 2, waiting: 3 });
    calls[1]?.succeed();
    await clock.advance(0);
    expect(started()).toEqual([true, true, true, false, false]);
    calls[0]?.fail();
    await clock.advance(0);
    expect(started()).toEqual([true, true, true, true, false]);
    expect(bulkhead).toMatchObject({ running: 2, waiting: 1 });
  });

  test('nobody overtakes: a call that arrives while a slot changes hands finds none free', async () => {
    for (let hops = 0; hops < 8; hops++) {
      const { bulkhead, clock } = setUp({ slots: 1, queue: 1 });
      const first = pendingCall(bulkhead);
      const waiter = pendingCall(bulkhead);
      first.succeed();
      for (let hop = 0; hop < hops; hop++) await null;
      const newcomer = pendingCall(bulkhead);
      await clock.advance(0);
      expect({ hops, waiter: waiter.started, newcomer: newcomer.started }).toEqual({ hops, waiter: true, newcomer: false });
    }
  });

  test('refuses at once when slots and queue are full, does not call, and says who refused', async () => {
    const { bulkhead } = setUp();
    for (let call = 0; call < 5; call++) pendingCall(bulkhead);
    const refused = pendingCall(bulkhead);
    const error = await rejection(refused.result);
    expect(error).toBeInstanceOf(BulkheadFullError);
    expect(error).toMatchObject({ name: 'BulkheadFullError', bulkhead: 'payments', waitedMs: 0, message: "bulkhead 'payments' is full: all of its 2 slots are taken and nobody else may wait" });
    expect(refused.started).toBe(false);
    expect(bulkhead).toMatchObject({ running: 2, waiting: 3 });
  });

  test('without a queue nobody waits', async () => {
    const { bulkhead, clock } = setUp({ queue: 0 });
    pendingCall(bulkhead);
    pendingCall(bulkhead);
    expect(await rejection(bulkhead.run(succeed))).toBeInstanceOf(BulkheadFullError);
    expect(clock.pending).toBe(0);
  });

  test('the wait is limited, and the one whose wait ends is out of the queue', async () => {
    const { bulkhead, clock } = setUp({ slots: 1 });
    const first = pendingCall(bulkhead);
    const waiter = pendingCall(bulkhead);
    await clock.advance(200);
    const later = pendingCall(bulkhead);
    await clock.advance(300);
    expect(await rejection(waiter.result)).toMatchObject({ name: 'BulkheadFullError', waitedMs: 500, message: "bulkhead 'payments' is full: all of its 1 slots are taken, and none came free within 500 ms" });
    expect(bulkhead.waiting).toBe(1);
    first.succeed();
    await clock.advance(0);
    expect({ waiter: waiter.started, later: later.started }).toEqual({ waiter: false, later: true });
    expect(clock.pending).toBe(0);
  });

  test('a slot is not lost on those who stopped waiting', async () => {
    const { bulkhead, clock } = setUp({ slots: 1 });
    for (let round = 0; round < 3; round++) {
      const holder = pendingCall(bulkhead);
      for (let call = 0; call < 3; call++) pendingCall(bulkhead);
      await clock.advance(500);
      expect(bulkhead).toMatchObject({ running: 1, waiting: 0 });
      holder.succeed();
      await clock.advance(0);
    }
    expect(await bulkhead.run(succeed)).toBe('paid');
  });

  test('a long queue of calls that throw at once does not overflow the stack', async () => {
    const { bulkhead } = setUp({ slots: 1, queue: 5_000 });
    const holder = pendingCall(bulkhead);
    const results = Promise.allSettled(Array.from({ length: 5_000 }, () => bulkhead.run(() => { throw new DownError('bad address'); })));
    holder.succeed();
    expect((await results).filter((result) => result.status === 'rejected' && result.reason instanceof DownError)).toHaveLength(5_000);
    expect(bulkhead.running).toBe(0);
  });
});

describe('abort', () => {
  const left = new Error('the customer left');

  test('an aborted signal means no call', async () => {
    const { bulkhead, events } = setUp();
    let called = false;
    expect(await rejection(bulkhead.run(async () => { called = true; }, AbortSignal.abort(left)))).toBe(left);
    expect({ called, events }).toEqual({ called: false, events: [] });
  });

  test('the operation gets the signal', async () => {
    const { bulkhead } = setUp();
    const caller = new AbortController();
    expect(await bulkhead.run(async (signal) => signal, caller.signal)).toBe(caller.signal);
  });

  test('whoever aborts while waiting is out of the queue at once, and its place is free', async () => {
    const { bulkhead, clock } = setUp({ slots: 1, queue: 1 });
    const holder = pendingCall(bulkhead);
    const caller = new AbortController();
    const waiter = pendingCall(bulkhead, caller.signal);
    caller.abort(left);
    expect(bulkhead.waiting).toBe(0);
    expect(clock.pending).toBe(0);
    expect(await rejection(waiter.result)).toBe(left);
    const next = pendingCall(bulkhead);
    holder.succeed();
    await clock.advance(0);
    expect({ waiter: waiter.started, next: next.started }).toEqual({ waiter: false, next: true });
  });

  test('a running call that is aborted lets its caller go and keeps the slot until the work has ended', async () => {
    const { bulkhead, clock } = setUp({ slots: 1 });
    const caller = new AbortController();
    const stubborn = pendingCall(bulkhead, caller.signal);
    const next = pendingCall(bulkhead);
    caller.abort(left);
    expect(await rejection(stubborn.result)).toBe(left);
    await clock.advance(100);
    expect(bulkhead.running).toBe(1);
    expect(next.started).toBe(false);
    stubborn.fail();
    await clock.advance(0);
    expect(next.started).toBe(true);
  });

  test('an abort between the handover and the start calls nothing and passes the slot on', async () => {
    const { bulkhead, clock } = setUp({ slots: 1 });
    const holder = pendingCall(bulkhead);
    const caller = new AbortController();
    const waiter = pendingCall(bulkhead, caller.signal);
    const next = pendingCall(bulkhead);
    holder.succeed();
    while (bulkhead.waiting === 2) await null;
    expect(waiter.started).toBe(false);
    caller.abort(left);
    expect(await rejection(waiter.result)).toBe(left);
    await clock.advance(0);
    expect({ waiter: waiter.started, next: next.started }).toEqual({ waiter: false, next: true });
  });

  test('an operation that aborts its own caller while it starts lets it go too', async () => {
    const { bulkhead } = setUp();
    const caller = new AbortController();
    expect(await rejection(bulkhead.run(() => { caller.abort(left); return new Promise(() => {}); }, caller.signal))).toBe(left);
    expect(bulkhead.running).toBe(1);
  });

  test('leaves no listener behind', async () => {
    const { bulkhead, clock } = setUp({ slots: 1, queue: 1 });
    const caller = new AbortController();
    let listeners = 0;
    const { signal } = caller;
    const [add, remove] = [signal.addEventListener.bind(signal), signal.removeEventListener.bind(signal)];
    signal.addEventListener = (...listener: Parameters<typeof add>) => { listeners += 1; add(...listener); };
    signal.removeEventListener = (...listener: Parameters<typeof remove>) => { listeners -= 1; remove(...listener); };
    const holder = pendingCall(bulkhead, signal);
    const waiter = pendingCall(bulkhead, signal);
    expect(listeners).toBe(2);
    holder.succeed();
    waiter.succeed();
    await clock.advance(0);
    const second = pendingCall(bulkhead, signal);
    const timedOut = pendingCall(bulkhead, signal);
    await clock.advance(500);
    expect(await rejection(timedOut.result)).toBeInstanceOf(BulkheadFullError);
    second.succeed();
    await clock.advance(0);
    expect(listeners).toBe(0);
  });
});

test('the event hook tells of every start, refusal, wait and end, with the state after it', async () => {
  const { bulkhead, clock, events } = setUp({ slots: 1, queue: 2 });
  const caller = new AbortController();
  const first = pendingCall(bulkhead, caller.signal);
  const leaver = new AbortController();
  pendingCall(bulkhead, leaver.signal);
  await clock.advance(10);
  const third = pendingCall(bulkhead);
  pendingCall(bulkhead);
  leaver.abort();
  pendingCall(bulkhead);
  caller.abort();
  await clock.advance(30);
  first.succeed();
  await clock.advance(470);
  third.fail();
  await clock.advance(0);
  expect(events.map(({ bulkhead: name, ...event }) => { expect(name).toBe('payments'); return event; })).toEqual([
    { atMs: 0, running: 1, waiting: 0, type: 'started', waitedMs: 0 },
    { atMs: 0, running: 1, waiting: 1, type: 'queued' },
    { atMs: 10, running: 1, waiting: 2, type: 'queued' },
    { atMs: 10, running: 1, waiting: 2, type: 'refused', waitedMs: 0 },
    { atMs: 10, running: 1, waiting: 1, type: 'left', waitedMs: 10 },
    { atMs: 10, running: 1, waiting: 2, type: 'queued' },
    { atMs: 40, running: 1, waiting: 1, type: 'ended', outcome: 'fulfilled', heldMs: 40, abandoned: true },
    { atMs: 40, running: 1, waiting: 1, type: 'started', waitedMs: 30 },
    { atMs: 510, running: 1, waiting: 0, type: 'refused', waitedMs: 500 },
    { atMs: 510, running: 0, waiting: 0, type: 'ended', outcome: 'rejected', heldMs: 470, abandoned: false },
  ]);
});

test('works with the defaults and the clock of the system', async () => {
  const bulkhead = new Bulkhead({ name: 'payments', slots: 1 });
  const holder = pendingCall(bulkhead);
  expect(await rejection(bulkhead.run(succeed))).toBeInstanceOf(BulkheadFullError);
  holder.succeed();
  expect(await holder.result).toBe('paid');
  expect(await bulkhead.run(succeed)).toBe('paid');
});

test('refuses options that make no sense, with name, rule and value', () => {
  for (const slots of [0, -1, 1.5, Number.NaN, Infinity]) expect(() => setUp({ slots })).toThrow(`slots must be a positive integer: current value is ${slots}`);
  for (const queue of [-1, 0.5, Number.NaN, Infinity]) expect(() => setUp({ queue })).toThrow(`queue must be an integer of at least 0: current value is ${queue}`);
  for (const waitMs of [0, -1, Number.NaN, Infinity, 2 ** 31]) expect(() => setUp({ waitMs })).toThrow(`waitMs must be above 0 and at most 2147483647: current value is ${waitMs}`);
});
