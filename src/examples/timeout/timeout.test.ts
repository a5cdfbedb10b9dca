import { describe, expect, test, vi } from 'vitest';
import { systemClock } from '../clock.ts';
import { VirtualClock } from '../virtual-clock.ts';
import { CallTimeoutError, TimeLimit, TooLateError } from './timeout.ts';
import type { CallContext, TimeLimitEvent, TimeLimitOptions } from './timeout.ts';

class DownError extends Error { override readonly name = 'DownError'; }

/** Waits for a second. */
function setUp(options: Partial<TimeLimitOptions> = {}) {
  const clock = new VirtualClock();
  const events: TimeLimitEvent[] = [];
  const limit = new TimeLimit({ name: 'payments', limitMs: 1_000, clock, onEvent: (event) => events.push(event), ...options });
  return { limit, clock, events, types: () => events.map(({ type }) => type) };
}

/** A call that ends when the test says so, and does not mind its signal. */
function deafCall(limit: TimeLimit, context?: CallContext) {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const seen: Required<CallContext>[] = [];
  const result = limit.run((given) => { seen.push(given); return promise; }, context);
  result.catch(() => {});
  return { result, answer: () => resolve('paid'), fail: (error: unknown) => reject(error), seen };
}

async function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(() => expect.fail('resolved'), (error: unknown) => error);
}

describe('in time', () => {
  test('passes results and errors on unchanged, and leaves no timer behind', async () => {
    const { limit, clock, types } = setUp();
    expect(await limit.run(async () => 'paid')).toBe('paid');
    const error = new DownError('no');
    expect(await rejection(limit.run(async () => { throw error; }))).toBe(error);
    expect(clock.pending).toBe(0);
    expect(limit.abandoned).toBe(0);
    expect(types()).toEqual(['answered', 'failed']);
  });

  test('a call that throws at once is a rejection, and leaves no timer behind', async () => {
    const { limit, clock } = setUp();
    const error = new DownError('no');
    expect(await rejection(limit.run(() => { throw error; }))).toBe(error);
    expect(clock.pending).toBe(0);
  });

  test('the signal of a call that has ended does not abort later', async () => {
    const { limit, clock } = setUp();
    const leaving = new AbortController();
    const call = deafCall(limit, { signal: leaving.signal });
    call.answer();
    await call.result;
    leaving.abort();
    await clock.advance(10_000);
    expect(call.seen[0]?.signal.aborted).toBe(false);
  });
});

describe('over the limit', () => {
  test('the caller is let go at the limit, not before and not after', async () => {
    const { limit, clock, events } = setUp();
    const call = deafCall(limit);
    let error: unknown;
    call.result.catch((reason: unknown) => { error = reason; });
    await clock.advance(999);
    expect(error).toBeUndefined();
    await clock.advance(1);
    expect(error).toBeInstanceOf(CallTimeoutError);
    expect(error).toMatchObject({ name: 'TimeoutError', limit: 'payments', waitedMs: 1_000, endedBy: 'limit', message: 'payments: no answer within 1000 ms' });
    expect(events).toEqual([{ limit: 'payments', atMs: 1_000, type: 'gave-up', tookMs: 1_000, endedBy: 'limit' }]);
    expect(clock.pending).toBe(0);
  });

  test('the operation is told, with the same error', async () => {
    const { limit, clock } = setUp();
    const call = deafCall(limit);
    await clock.advance(1_000);
    expect(call.seen[0]?.signal.reason).toBe(await rejection(call.result));
  });

  test('an operation that listens ends at once and is not counted as work in vain for long', async () => {
    const { limit, clock, events } = setUp();
    const result = limit.run(({ signal }) => clock.sleep(60_000, signal));
    result.catch(() => {});
    await clock.advance(1_000);
    expect(limit.abandoned).toBe(0);
    expect(clock.pending).toBe(0);
    expect(events.at(-1)).toEqual({ limit: 'payments', atMs: 1_000, type: 'ended-late', tookMs: 1_000, answered: false });
  });

  test('a late answer is ignored, and told', async () => {
    const { limit, clock, events } = setUp();
    const call = deafCall(limit);
    await clock.advance(1_000);
    expect(limit.abandoned).toBe(1);
    await clock.advance(4_000);
    call.answer();
    await clock.advance(0);
    expect(await rejection(call.result)).toBeInstanceOf(CallTimeoutError);
    expect(limit.abandoned).toBe(0);
    expect(events.at(-1)).toEqual({ limit: 'payments', atMs: 5_000, type: 'ended-late', tookMs: 5_000, answered: true });
  });

  test('a late rejection is nobody’s unhandled rejection', async () => {
    const unhandled = vi.fn();
    process.on('unhandledRejection', unhandled);
    const { limit, clock, types } = setUp();
    const call = deafCall(limit);
    await clock.advance(1_000);
    call.fail(new DownError('late'));
    await clock.advance(1);
    await systemClock.sleep(1);
    process.off('unhandledRejection', unhandled);
    expect(unhandled).not.toHaveBeenCalled();
    expect(types()).toEqual(['gave-up', 'ended-late']);
  });

  test('one call that is given up does not end the others', async () => {
    const { limit, clock } = setUp();
    const first = deafCall(limit);
    await clock.advance(500);
    const second = deafCall(limit);
    await clock.advance(500);
    expect(first.seen[0]?.signal.aborted).toBe(true);
    expect(second.seen[0]?.signal.aborted).toBe(false);
    second.answer();
    expect(await second.result).toBe('paid');
  });
});

describe('whoever asked leaves', () => {
  test('the reason goes through as it is, to the caller and to the operation; that is no timeout', async () => {
    const { limit, clock, types } = setUp();
    const leaving = new AbortController();
    const call = deafCall(limit, { signal: leaving.signal });
    const reason = new Error('closed the page');
    leaving.abort(reason);
    expect(await rejection(call.result)).toBe(reason);
    expect(call.seen[0]?.signal.reason).toBe(reason);
    expect(types()).toEqual(['cancelled']);
    expect(clock.pending).toBe(0);
  });

  test('has left before: no call is made', async () => {
    const { limit, events } = setUp();
    const operation = vi.fn();
    const reason = new Error('closed the page');
    expect(await rejection(limit.run(operation, { signal: AbortSignal.abort(reason) }))).toBe(reason);
    expect(operation).not.toHaveBeenCalled();
    expect(events).toEqual([]);
  });

  test('leaves while the call begins: is let go as well', async () => {
    const { limit, clock } = setUp();
    const leaving = new AbortController();
    const reason = new Error('closed the page');
    expect(await rejection(limit.run(({ signal }) => {
      leaving.abort(reason);
      return clock.sleep(60_000, signal);
    }, { signal: leaving.signal }))).toBe(reason);
    expect(clock.pending).toBe(0);
    expect(limit.abandoned).toBe(0);
  });

  test('no listener stays on the signal, however the call ended', async () => {
    const { limit, clock } = setUp();
    const leaving = new AbortController();
    const added = vi.spyOn(leaving.signal, 'addEventListener');
    const removed = vi.spyOn(leaving.signal, 'removeEventListener');
    const context = { signal: leaving.signal };
    await limit.run(async () => 'paid', context);
    await rejection(limit.run(async () => { throw new DownError('no'); }, context));
    const late = deafCall(limit, context);
    await clock.advance(1_000);
    await rejection(late.result);
    expect(added.mock.calls.map(([, listener]) => listener)).toEqual(removed.mock.calls.map(([, listener]) => listener));
    expect(added).toHaveBeenCalledTimes(3);
  });
});

describe('deadline', () => {
  test('shortens the wait, less the margin, and says that it was the cause', async () => {
    const { limit, clock } = setUp({ marginMs: 100 });
    await clock.advance(5_000);
    const call = deafCall(limit, { untilMs: 5_400 });
    await clock.advance(299);
    expect(call.seen[0]?.signal.aborted).toBe(false);
    await clock.advance(1);
    expect(await rejection(call.result)).toMatchObject({ waitedMs: 300, endedBy: 'deadline', message: 'payments: no answer within 300 ms, when the request had to be answered' });
  });

  test('never lengthens it', async () => {
    const { limit, clock } = setUp();
    const call = deafCall(limit, { untilMs: 60_000 });
    await clock.advance(1_000);
    expect(await rejection(call.result)).toMatchObject({ waitedMs: 1_000, endedBy: 'limit' });
  });

  test('is handed down as the time at which this caller gives up', async () => {
    const { limit, clock } = setUp({ marginMs: 100 });
    await clock.advance(5_000);
    expect(await limit.run(async ({ untilMs }) => untilMs, { untilMs: 5_400 })).toBe(5_300);
    expect(await limit.run(async ({ untilMs }) => untilMs)).toBe(6_000);
  });

  test('along a chain each hop gives up before the one above it', async () => {
    const { limit: outer, clock } = setUp({ marginMs: 50 });
    const inner = new TimeLimit({ name: 'ledger', limitMs: 1_000, marginMs: 50, clock });
    const gaveUp: [string, number][] = [];
    const note = (who: string) => (error: unknown): never => { gaveUp.push([who, clock.now()]); throw error; };
    const result = outer.run((context) => inner.run(({ signal }) => clock.sleep(60_000, signal), context).catch(note('ledger')), { untilMs: 400 }).catch(note('payments'));
    result.catch(() => {});
    await clock.advance(2_000);
    expect(gaveUp).toEqual([['ledger', 300], ['payments', 300]]);
    expect(await rejection(result)).toMatchObject({ limit: 'ledger' });
  });

  test('too near for an answer: refused, and no call is made', async () => {
    const { limit, clock, events } = setUp({ marginMs: 50, leastMs: 100 });
    const operation = vi.fn();
    const error = await rejection(limit.run(operation, { untilMs: 149 }));
    expect(error).toBeInstanceOf(TooLateError);
    expect(error).toMatchObject({ limit: 'payments', leftMs: 99, message: 'payments: not called, 99 ms were left' });
    expect(operation).not.toHaveBeenCalled();
    expect(events).toEqual([{ limit: 'payments', atMs: 0, type: 'refused', leftMs: 99 }]);
    expect(clock.pending).toBe(0);
    expect(await limit.run(async () => 'paid', { untilMs: 150 })).toBe('paid');
  });

  test('that is no number counts as none left', async () => {
    const { limit } = setUp();
    expect(await rejection(limit.run(async () => 'paid', { untilMs: Number.NaN }))).toBeInstanceOf(TooLateError);
  });
});

test('has the system clock where nothing else is said', async () => {
  const limit = new TimeLimit({ name: 'payments', limitMs: 5 });
  expect(await limit.run(async () => 'paid')).toBe('paid');
  expect(await rejection(limit.run(() => new Promise(() => {})))).toBeInstanceOf(CallTimeoutError);
});

test('refuses options that make no sense', () => {
  for (const limitMs of [0, -1, Number.NaN, Infinity, 2 ** 31]) expect(() => setUp({ limitMs })).toThrow(`limitMs must be a number of milliseconds above 0 and at most 2147483647: current value is ${limitMs}`);
  for (const marginMs of [-1, Number.NaN, Infinity]) expect(() => setUp({ marginMs })).toThrow(`marginMs must be a number of milliseconds from 0: current value is ${marginMs}`);
  for (const leastMs of [0, Number.NaN, 1_001]) expect(() => setUp({ leastMs })).toThrow(`leastMs must be a number of milliseconds above 0 and at most limitMs: current value is ${leastMs}`);
});
