import { describe, expect, test } from 'vitest';
import { VirtualClock } from '../virtual-clock.ts';
import { CacheFallback, SourceTimeoutError } from './cache-fallback.ts';
import type { CacheFallbackEvent, CacheFallbackOptions } from './cache-fallback.ts';

class DownError extends Error { override readonly name = 'DownError'; }
class GoneError extends Error { override readonly name = 'GoneError'; }
class BadRequestError extends Error { override readonly name = 'BadRequestError'; }

type Options = CacheFallbackOptions<string, number>;

/** Prices that are fresh for 10 s and may stand in for 60 s more; a source that can be told what to do. */
function setUp(options: Partial<Options> = {}) {
  const clock = new VirtualClock();
  const events: CacheFallbackEvent[] = [];
  const source = { price: 100 as number | undefined, error: undefined as Error | undefined, tookMs: 0, calls: 0, signals: [] as AbortSignal[] };
  const load = async (_: string, signal: AbortSignal): Promise<number | undefined> => {
    source.calls += 1;
    source.signals.push(signal);
    const { price, error, tookMs } = source;
    if (tookMs > 0) await clock.sleep(tookMs);
    if (error !== undefined) throw error;
    return price;
  };
  const judge: Options['judge'] = (error) => (error instanceof DownError ? 'unavailable' : error instanceof GoneError ? 'gone' : 'other');
  const prices = new CacheFallback<string, number>({ name: 'catalogue', load, judge, freshMs: 10_000, staleMs: 60_000, patienceMs: 1_000, loadTimeoutMs: 4_000, recheckMs: 5_000, clock, onEvent: (event) => events.push(event), ...options });
  const fail = (error: Error = new DownError('no answer')): void => { source.error = error; };
  const recover = (price: number | undefined): void => { source.error = undefined; source.tookMs = 0; source.price = price; };
  return { clock, events, source, prices, fail, recover };
}

async function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(() => expect.fail('resolved'), (error: unknown) => error);
}

describe('while the source is well', () => {
  test('asks once, and a fresh copy answers without a call', async () => {
    const { prices, source, clock } = setUp();
    expect(await prices.get('tea')).toEqual({ value: 100, ageMs: 0, degraded: false });
    await clock.advance(9_999);
    source.price = 120;
    expect(await prices.get('tea')).toEqual({ value: 100, ageMs: 9_999, degraded: false });
    expect(source.calls).toBe(1);
  });

  test('a copy that is no longer fresh never answers: the source does', async () => {
    const { prices, source, clock } = setUp();
    await prices.get('tea');
    await clock.advance(10_000);
    source.price = 120;
    expect(await prices.get('tea')).toEqual({ value: 120, ageMs: 0, degraded: false });
  });

  test('freshMs 0 asks the source every time and keeps copies for outages alone', async () => {
    const { prices, source, clock, fail } = setUp({ freshMs: 0 });
    await prices.get('tea');
    await prices.get('tea');
    expect(source.calls).toBe(2);
    fail();
    await clock.advance(1_000);
    expect(await prices.get('tea')).toEqual({ value: 100, ageMs: 1_000, degraded: true });
  });

  test('the age counts from the question, not from the answer', async () => {
    const { prices, source, clock } = setUp();
    source.tookMs = 3_000;
    const answer = prices.get('tea');
    await clock.advance(3_000);
    expect(await answer).toMatchObject({ ageMs: 3_000 });
  });

  test('many callers ask one question, and one who leaves does not end it for the others', async () => {
    const { prices, source, clock } = setUp();
    source.tookMs = 500;
    const left = new Error('the customer left');
    const leaver = new AbortController();
    const first = prices.get('tea', leaver.signal);
    const others = [1, 2, 3].map(() => prices.get('tea'));
    leaver.abort(left);
    expect(await rejection(first)).toBe(left);
    await clock.advance(500);
    expect((await Promise.all(others)).map(({ value }) => value)).toEqual([100, 100, 100]);
    expect(source.calls).toBe(1);
    expect(source.signals[0]?.aborted).toBe(false);
    expect(clock.pending).toBe(0);
  });

  test('an aborted signal means no call', async () => {
    const { prices, source } = setUp();
    const left = new Error('the customer left');
    expect(await rejection(prices.get('tea', AbortSignal.abort(left)))).toBe(left);
    expect(source.calls).toBe(0);
  });
});

describe('while the source is away', () => {
  test('the last good answer stands in, marked, with its age', async () => {
    const { prices, clock, fail } = setUp();
    await prices.get('tea');
    await clock.advance(30_000);
    fail();
    expect(await prices.get('tea')).toEqual({ value: 100, ageMs: 30_000, degraded: true });
  });

  test('standing in does not make the copy younger, and its time is bounded', async () => {
    const { prices, clock, fail } = setUp({ recheckMs: 0 });
    await prices.get('tea');
    fail();
    for (let at = 10_000; at <= 70_000; at += 10_000) {
      await clock.advance(10_000);
      expect(await prices.get('tea')).toEqual({ value: 100, ageMs: at, degraded: true });
    }
    await clock.advance(1);
    expect(await rejection(prices.get('tea'))).toBeInstanceOf(DownError);
  });

  test('a failure does not replace the copy, and the next answer of the source does', async () => {
    const { prices, clock, fail, recover } = setUp({ recheckMs: 0 });
    await prices.get('tea');
    await clock.advance(10_000);
    fail();
    await prices.get('tea');
    recover(120);
    expect(await prices.get('tea')).toEqual({ value: 120, ageMs: 0, degraded: false });
  });

  test('without a copy the caller gets the error itself', async () => {
    const { prices, fail } = setUp();
    const down = new DownError('no answer');
    fail(down);
    expect(await rejection(prices.get('tea'))).toBe(down);
  });

  test('the key is free after a failure and after a synchronous throw', async () => {
    let calls = 0;
    const { prices } = setUp({ load: () => { calls += 1; throw new DownError('bad address'); } });
    await rejection(prices.get('tea'));
    expect(await rejection(prices.get('tea'))).toBeInstanceOf(DownError);
    expect(calls).toBe(2);
  });

  test('the source is left alone for a while after a failure, then asked by one', async () => {
    const { prices, source, clock, fail } = setUp();
    await prices.get('tea');
    await clock.advance(10_000);
    fail();
    await prices.get('tea');
    await clock.advance(4_999);
    await Promise.all([1, 2, 3].map(() => prices.get('tea')));
    expect(source.calls).toBe(2);
    await clock.advance(1);
    await Promise.all([1, 2, 3].map(() => prices.get('tea')));
    expect(source.calls).toBe(3);
  });

  test('a hanging source costs a caller with a copy its patience and no more; the question goes on', async () => {
    const { prices, source, clock } = setUp();
    await prices.get('tea');
    await clock.advance(10_000);
    Object.assign(source, { tookMs: 3_000, price: 120 });
    const answer = prices.get('tea');
    await clock.advance(1_000);
    expect(await answer).toEqual({ value: 100, ageMs: 11_000, degraded: true });
    await clock.advance(2_000);
    expect(await prices.get('tea')).toEqual({ value: 120, ageMs: 3_000, degraded: false });
    expect(source.calls).toBe(2);
  });

  test('whoever has no copy waits for the limit, the operation is told, and a late answer is not kept', async () => {
    const { prices, source, clock, recover } = setUp();
    source.tookMs = 9_000;
    const error = rejection(prices.get('tea'));
    await clock.advance(4_000);
    expect(await error).toMatchObject({ name: 'SourceTimeoutError', source: 'catalogue', message: "'catalogue' did not answer within 4000 ms" });
    expect(source.signals[0]?.aborted).toBe(true);
    recover(120);
    expect(await prices.get('tea')).toMatchObject({ value: 120 });
    await clock.advance(5_000);
    expect(await prices.get('tea')).toMatchObject({ value: 120 });
    expect(clock.pending).toBe(0);
  });

  test('a rejection that comes after the limit is nobody’s and harms nobody', async () => {
    const { prices, source, clock, fail } = setUp();
    fail();
    source.tookMs = 9_000;
    const error = rejection(prices.get('tea'));
    await clock.advance(4_000);
    expect(await error).toBeInstanceOf(SourceTimeoutError);
    await clock.advance(5_000);
  });

  test('a copy that grows too old while its caller waits does not stand in', async () => {
    const { prices, source, clock, fail } = setUp({ patienceMs: 4_000 });
    await prices.get('tea');
    await clock.advance(69_000);
    fail();
    source.tookMs = 2_000;
    const error = rejection(prices.get('tea'));
    await clock.advance(2_000);
    expect(await error).toBeInstanceOf(DownError);
  });
});

describe('which errors', () => {
  test('one that is not a matter of being away is not hidden, and the copy stays', async () => {
    const { prices, clock, fail } = setUp();
    await prices.get('tea');
    await clock.advance(10_000);
    fail(new BadRequestError('unknown currency'));
    expect(await rejection(prices.get('tea'))).toBeInstanceOf(BadRequestError);
    fail();
    expect(await prices.get('tea')).toMatchObject({ value: 100, degraded: true });
  });

  test('“gone” is an answer: the copy is dropped and does not come back in the next outage', async () => {
    const { prices, clock, fail } = setUp();
    await prices.get('tea');
    await clock.advance(10_000);
    fail(new GoneError('withdrawn'));
    expect(await rejection(prices.get('tea'))).toBeInstanceOf(GoneError);
    fail();
    expect(await rejection(prices.get('tea'))).toBeInstanceOf(DownError);
  });

  test('a judge that is broken hides nothing and blocks nothing', async () => {
    const { prices, clock, fail, recover } = setUp({ judge: () => { throw new TypeError('judge is broken'); } });
    await prices.get('tea');
    await clock.advance(10_000);
    fail();
    expect(await rejection(prices.get('tea'))).toBeInstanceOf(TypeError);
    recover(120);
    expect(await prices.get('tea')).toMatchObject({ value: 120 });
  });
});

describe('absences', () => {
  test('that there is none is an answer, kept and served like others', async () => {
    const { prices, source, clock, fail, recover } = setUp();
    recover(undefined);
    expect(await prices.get('tea')).toEqual({ value: undefined, ageMs: 0, degraded: false });
    await prices.get('tea');
    expect(source.calls).toBe(1);
    await clock.advance(20_000);
    fail();
    expect(await prices.get('tea')).toEqual({ value: undefined, ageMs: 20_000, degraded: true });
  });

  test('it takes the place of an older value, and a value takes its place', async () => {
    const { prices, clock, fail, recover } = setUp({ recheckMs: 0 });
    await prices.get('tea');
    await clock.advance(10_000);
    recover(undefined);
    await prices.get('tea');
    await clock.advance(10_000);
    fail();
    expect(await prices.get('tea')).toMatchObject({ value: undefined, degraded: true });
    recover(120);
    await prices.get('tea');
    await clock.advance(10_000);
    fail();
    expect(await prices.get('tea')).toMatchObject({ value: 120, degraded: true });
  });

  test('questions for what does not exist push out no copy', async () => {
    const { prices, clock, fail, recover } = setUp({ maxEntries: 2 });
    await prices.get('tea');
    recover(undefined);
    for (let number = 0; number < 100; number++) await prices.get(`no such thing ${number}`);
    await clock.advance(10_000);
    fail();
    expect(await prices.get('tea')).toMatchObject({ value: 100, degraded: true });
  });
});

describe('room', () => {
  test('is bounded; the copy that was used least recently goes', async () => {
    const { prices, events, clock, fail } = setUp({ maxEntries: 2 });
    await prices.get('tea');
    await prices.get('rice');
    await prices.get('tea');
    await prices.get('salt');
    expect(events.filter(({ type }) => type === 'evicted')).toHaveLength(1);
    await clock.advance(10_000);
    fail();
    expect(await prices.get('tea')).toMatchObject({ degraded: true });
    expect(await prices.get('salt')).toMatchObject({ degraded: true });
    expect(await rejection(prices.get('rice'))).toBeInstanceOf(DownError);
  });
});

describe('forget', () => {
  test('what was deleted does not stand in', async () => {
    const { prices, fail } = setUp();
    await prices.get('tea');
    prices.forget('tea');
    fail();
    expect(await rejection(prices.get('tea'))).toBeInstanceOf(DownError);
  });

  test('an answer to a question from before the deletion does not bring it back', async () => {
    const { prices, source, clock, recover, fail } = setUp();
    source.tookMs = 500;
    const before = prices.get('tea');
    await clock.advance(100);
    prices.forget('tea');
    recover(undefined);
    expect(await prices.get('tea')).toMatchObject({ value: undefined });
    await clock.advance(400);
    expect(await before).toMatchObject({ value: 100 });
    await clock.advance(10_000);
    fail();
    expect(await prices.get('tea')).toMatchObject({ value: undefined, degraded: true });
  });

  test('a copy that is forgotten while its caller waits does not stand in', async () => {
    const { prices, source, clock, fail } = setUp();
    await prices.get('tea');
    await clock.advance(10_000);
    fail();
    source.tookMs = 500;
    const error = rejection(prices.get('tea'));
    prices.forget('tea');
    await clock.advance(500);
    expect(await error).toBeInstanceOf(DownError);
  });
});

describe('restart', () => {
  test('copies that were put away stand in after it, with the age that they have by then', async () => {
    const { prices, clock } = setUp();
    await prices.get('tea');
    await clock.advance(5_000);
    const saved = prices.save();
    expect(saved).toEqual([{ key: 'tea', value: 100, ageMs: 5_000 }]);
    const after = setUp();
    after.prices.restore(saved, 20_000);
    after.fail();
    expect(await after.prices.get('tea')).toEqual({ value: 100, ageMs: 25_000, degraded: true });
  });

  test('nothing too old comes back, and nothing replaces what was asked since', async () => {
    const { prices, fail, recover } = setUp();
    recover(120);
    await prices.get('tea');
    prices.restore([{ key: 'tea', value: 100, ageMs: 0 }, { key: 'rice', value: 200, ageMs: 60_000 }], 10_001);
    fail();
    expect(await prices.get('tea')).toMatchObject({ value: 120 });
    expect(await rejection(prices.get('rice'))).toBeInstanceOf(DownError);
  });

  test('they push out nothing that was asked since, and the ones used last come back', async () => {
    const { prices, events, clock, fail } = setUp({ maxEntries: 2 });
    await prices.get('tea');
    prices.restore([{ key: 'salt', value: 300, ageMs: 0 }, { key: 'rice', value: 200, ageMs: 0 }, { key: 'old', value: 1, ageMs: 90_000 }], 0);
    await clock.advance(10_000);
    fail();
    expect(await prices.get('tea')).toMatchObject({ value: 100, degraded: true });
    expect(await prices.get('rice')).toMatchObject({ value: 200, degraded: true });
    expect(await rejection(prices.get('salt'))).toBeInstanceOf(DownError);
    expect(events.filter(({ type }) => type === 'evicted')).toHaveLength(0);
  });

  test('a copy whose age makes no sense does not come back', async () => {
    const { prices, fail } = setUp();
    prices.restore([{ key: 'tea', value: 100, ageMs: -1e9 }, { key: 'rice', value: 200, ageMs: Number.NaN }], 0);
    fail();
    expect(await rejection(prices.get('tea'))).toBeInstanceOf(DownError);
    expect(await rejection(prices.get('rice'))).toBeInstanceOf(DownError);
  });
});

test('leaves no listener behind', async () => {
  const { prices, source, clock } = setUp();
  const { signal } = new AbortController();
  let listeners = 0;
  const [add, remove] = [signal.addEventListener.bind(signal), signal.removeEventListener.bind(signal)];
  signal.addEventListener = (...listener: Parameters<typeof add>) => { listeners += 1; add(...listener); };
  signal.removeEventListener = (...listener: Parameters<typeof remove>) => { listeners -= 1; remove(...listener); };
  await prices.get('tea', signal);
  await clock.advance(10_000);
  source.tookMs = 3_000;
  const impatient = prices.get('tea', signal);
  await clock.advance(1_000);
  expect(await impatient).toMatchObject({ degraded: true });
  expect(listeners).toBe(0);
});

test('a caller that aborts while its question begins is let go', async () => {
  const left = new Error('the customer left');
  const caller = new AbortController();
  const { prices } = setUp({ load: async () => { caller.abort(left); return 100; } });
  expect(await rejection(prices.get('tea', caller.signal))).toBe(left);
});

test('the event hook tells of every question, answer and failure', async () => {
  const { prices, source, clock, events, fail } = setUp();
  source.tookMs = 40;
  const first = prices.get('tea');
  await clock.advance(40);
  await first;
  await prices.get('tea');
  await clock.advance(20_000);
  fail();
  source.tookMs = 0;
  await prices.get('tea');
  await rejection(prices.get('rice'));
  const at = (atMs: number) => ({ source: 'catalogue', atMs });
  expect(events).toEqual([
    { ...at(40), type: 'load', outcome: 'answered', durationMs: 40 },
    { ...at(40), type: 'answer', from: 'source', ageMs: 40 },
    { ...at(40), type: 'answer', from: 'fresh copy', ageMs: 40 },
    { ...at(20_040), type: 'load', outcome: 'unavailable', durationMs: 0 },
    { ...at(20_040), type: 'answer', from: 'stale copy', ageMs: 20_040 },
    { ...at(20_040), type: 'load', outcome: 'unavailable', durationMs: 0 },
    { ...at(20_040), type: 'failed', verdict: 'unavailable' },
  ]);
});

test('works with the defaults and the clock of the system', async () => {
  const prices = new CacheFallback<string, number>({ name: 'catalogue', load: async () => 100, judge: () => 'unavailable', freshMs: 60_000, staleMs: 600_000 });
  expect(await prices.get('tea')).toMatchObject({ value: 100, degraded: false });
  expect(await prices.get('tea')).toMatchObject({ value: 100, degraded: false });
});

test('refuses options that make no sense, with name, rule and value', () => {
  for (const maxEntries of [0, 1.5, Number.NaN, Infinity]) expect(() => setUp({ maxEntries })).toThrow(`maxEntries must be a positive integer: current value is ${maxEntries}`);
  for (const value of [-1, Number.NaN, Infinity, 2 ** 31]) {
    for (const name of ['freshMs', 'staleMs', 'recheckMs']) expect(() => setUp({ [name]: value })).toThrow(`${name} must be between 0 and 2147483647: current value is ${value}`);
    for (const name of ['patienceMs', 'loadTimeoutMs']) expect(() => setUp({ [name]: value })).toThrow(`${name} must be between 1 and 2147483647: current value is ${value}`);
  }
  for (const sinceMs of [-1, Number.NaN]) expect(() => setUp().prices.restore([], sinceMs)).toThrow(`sinceMs must be at least 0: current value is ${sinceMs}`);
});
