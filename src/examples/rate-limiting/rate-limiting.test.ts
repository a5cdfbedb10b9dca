import { describe, expect, test } from 'vitest';
import { VirtualClock } from '../virtual-clock.ts';
import { RateLimitedError, RateLimiter } from './rate-limiting.ts';
import type { RateLimiterEvent, RateLimiterOptions } from './rate-limiting.ts';
import { refusal } from './refusal.ts';

/** Holds five tokens; one comes back every 100 ms. */
function setUp(options: Partial<RateLimiterOptions> = {}) {
  const clock = new VirtualClock();
  const events: RateLimiterEvent[] = [];
  const limiter = new RateLimiter({ name: 'catalogue', capacity: 5, refill: 10, refillMs: 1_000, clock, onEvent: (event) => events.push(event), ...options });
  return { limiter, clock, events };
}

/** How many of `calls` go through at this moment. */
function admitted(limiter: RateLimiter, calls: number, key = 'partner'): number {
  return Array.from({ length: calls }, () => refusalOf(() => limiter.take(key))).filter((error) => error === undefined).length;
}

function refusalOf(call: () => unknown): RateLimitedError | undefined {
  try {
    call();
    return undefined;
  } catch (error) {
    if (error instanceof RateLimitedError) return error;
    throw error;
  }
}

async function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(() => expect.fail('resolved'), (error: unknown) => error);
}

describe('bucket', () => {
  test('a full bucket admits as many calls as it holds, and no more', () => {
    const { limiter } = setUp();
    expect(admitted(limiter, 50)).toBe(5);
  });

  test('fills by the time that passed, without a timer', async () => {
    const { limiter, clock } = setUp();
    admitted(limiter, 5);
    await clock.advance(300);
    expect(admitted(limiter, 50)).toBe(3);
    expect(clock.pending).toBe(0);
  });

  test('never holds more than its capacity, however long nobody calls', async () => {
    const { limiter, clock } = setUp();
    admitted(limiter, 5);
    await clock.advance(86_400_000);
    expect(admitted(limiter, 50)).toBe(5);
  });

  test('keeps fractions: who asks every 30 ms gets each token when it is due, not later', async () => {
    const { limiter, clock } = setUp();
    admitted(limiter, 5);
    let got = 0;
    for (let step = 0; step < 100; step++) {
      await clock.advance(30);
      got += admitted(limiter, 1);
    }
    expect(got).toBe(30);
  });

  test('a rate that is no whole number of milliseconds neither drifts nor stalls', async () => {
    const { limiter, clock } = setUp({ capacity: 1, refill: 3, refillMs: 1_000 });
    let got = 0;
    let error: RateLimitedError | undefined;
    for (let step = 0; step < 3_000; step++) {
      error = refusalOf(() => limiter.take('partner'));
      if (error === undefined) got += 1;
      else await clock.advance(error.retryAfterMs);
    }
    expect(got).toBe(1_500);
    expect(clock.now()).toBeCloseTo(1_500 * 1_000 / 3, 3);
  });

  test('in any stretch of time at most a full bucket and what came back in it', async () => {
    const { limiter, clock } = setUp();
    const times: number[] = [];
    for (let step = 0; step < 2_000; step++) {
      await clock.advance((step * 37) % 61);
      const burst = admitted(limiter, 1 + (step % 9));
      for (let each = 0; each < burst; each++) times.push(clock.now());
    }
    for (const [first, startMs] of times.entries()) {
      for (let last = first; last < Math.min(times.length, first + 40); last++) expect(last - first + 1).toBeLessThanOrEqual(5 + ((times[last] ?? 0) - startMs) / 100 + 1e-6);
    }
  });

  test('a clock that runs backwards gives no tokens', () => {
    let nowMs = 10_000;
    const { limiter } = setUp({ clock: Object.assign(new VirtualClock(), { now: () => nowMs }) });
    admitted(limiter, 5);
    nowMs = 4_000;
    expect(admitted(limiter, 5)).toBe(0);
    nowMs = 10_100;
    expect(admitted(limiter, 5)).toBe(1);
  });

  test('each key has a bucket of its own', () => {
    const { limiter } = setUp();
    expect(admitted(limiter, 50, 'greedy')).toBe(5);
    expect(admitted(limiter, 50, 'modest')).toBe(5);
  });
});

describe('cost', () => {
  test('all or nothing: a call that does not fit takes no token', () => {
    const { limiter } = setUp();
    limiter.take('partner', 3);
    expect(refusalOf(() => limiter.take('partner', 3))?.retryAfterMs).toBeCloseTo(100, 6);
    expect(limiter.take('partner', 2)).toEqual({ remaining: 0, fullInMs: 500 });
  });

  test('a call dearer than a full bucket can never be admitted, and says so', async () => {
    const { limiter } = setUp();
    const error = refusalOf(() => limiter.take('partner', 6));
    expect(error).toMatchObject({ retryAfterMs: Infinity, message: "rate limit 'catalogue' refused: the call costs more than a full bucket holds" });
    expect(await rejection(limiter.wait('partner', { cost: 6, mostWaitMs: 60_000 }))).toMatchObject({ retryAfterMs: Infinity });
    expect(limiter.take('partner', 5)).toEqual({ remaining: 0, fullInMs: 500 });
  });

  test('says how many whole tokens are left', async () => {
    const { limiter, clock } = setUp();
    expect(limiter.take('partner', 2.5)).toEqual({ remaining: 2, fullInMs: 250 });
    await clock.advance(50);
    expect(limiter.take('partner')).toEqual({ remaining: 2, fullInMs: 300 });
  });

  test('counts what is left without an error of rounding, at any rate', () => {
    for (let refill = 1; refill <= 60; refill++) {
      const { limiter } = setUp({ capacity: 10, refill });
      for (let left = 9; left >= 0; left--) expect(limiter.take('partner').remaining, `${refill} a second`).toBe(left);
    }
  });
});

describe('refusal', () => {
  test('says who refused and when to come back; a moment earlier is too early', async () => {
    const { limiter, clock } = setUp();
    admitted(limiter, 5);
    await clock.advance(30);
    const error = refusalOf(() => limiter.take('partner'));
    expect(error).toMatchObject({ name: 'RateLimitedError', limiter: 'catalogue', retryAfterMs: 70, message: "rate limit 'catalogue' refused: try again in 70 ms" });
    await clock.advance(69.9);
    expect(admitted(limiter, 1)).toBe(0);
    await clock.advance(0.1);
    expect(admitted(limiter, 1)).toBe(1);
  });

  test('costs nothing: a caller in a loop is admitted at its rate', async () => {
    const { limiter, clock } = setUp();
    let got = 0;
    for (let step = 0; step < 10_000; step++) {
      await clock.advance(1);
      got += admitted(limiter, 2);
    }
    expect(got).toBe(5 + 99);
  });

  test('tells a caller by HTTP in whole seconds, never too early', async () => {
    const answer = refusal(new RateLimitedError('catalogue', 1_001));
    expect([answer.status, answer.headers.get('retry-after'), await answer.json()]).toEqual([429, '2', { title: 'Too many requests', limiter: 'catalogue', retryAfterMs: 1_001 }]);
    expect(refusal(new RateLimitedError('catalogue', Infinity)).headers.has('retry-after')).toBe(false);
  });
});

describe('waiting', () => {
  test('calls of a caller that paces itself start one after the other, in order', async () => {
    const { limiter, clock } = setUp();
    const started: [number, number][] = [];
    for (let call = 0; call < 8; call++) void limiter.wait('provider', { mostWaitMs: 1_000 }).then(() => started.push([call, clock.now()]));
    await clock.advance(1_000);
    expect(started).toEqual([[0, 0], [1, 0], [2, 0], [3, 0], [4, 0], [5, 100], [6, 200], [7, 300]]);
    expect(clock.pending).toBe(0);
  });

  test('nobody overtakes those who wait', async () => {
    const { limiter, clock } = setUp();
    admitted(limiter, 5);
    const waiting = limiter.wait('partner', { mostWaitMs: 1_000 });
    await clock.advance(100);
    await waiting;
    expect(admitted(limiter, 1)).toBe(0);
  });

  test('a wait that would take too long is refused at once, and takes nothing', async () => {
    const { limiter, clock } = setUp();
    admitted(limiter, 5);
    const waiting = limiter.wait('partner', { mostWaitMs: 150 });
    expect(await rejection(limiter.wait('partner', { mostWaitMs: 150 }))).toMatchObject({ name: 'RateLimitedError', retryAfterMs: 200 });
    await clock.advance(100);
    await waiting;
    await clock.advance(100);
    expect(admitted(limiter, 5)).toBe(1);
  });

  test('an aborted signal means no token is taken', async () => {
    const { limiter } = setUp();
    const reason = new Error('left');
    expect(await rejection(limiter.wait('partner', { mostWaitMs: 1_000, signal: AbortSignal.abort(reason) }))).toBe(reason);
    expect(admitted(limiter, 50)).toBe(5);
  });

  test('whoever leaves as the last gives its place back; timer and listener go too', async () => {
    const { limiter, clock, events } = setUp();
    admitted(limiter, 5);
    const leaving = new AbortController();
    const waiting = limiter.wait('partner', { mostWaitMs: 1_000, signal: leaving.signal });
    leaving.abort(new Error('left'));
    expect(await rejection(waiting)).toEqual(new Error('left'));
    expect(events.at(-1)).toEqual({ limiter: 'catalogue', key: 'partner', atMs: 0, type: 'left', cost: 1, returned: true });
    expect(clock.pending).toBe(0);
    await clock.advance(100);
    expect(admitted(limiter, 50)).toBe(1);
  });

  test('whoever leaves from the middle gives nothing back: those behind keep their times, and no burst comes of it', async () => {
    const { limiter, clock, events } = setUp({ capacity: 1 });
    admitted(limiter, 1);
    const leaving = new AbortController();
    const first = limiter.wait('partner', { mostWaitMs: 1_000, signal: leaving.signal });
    const started: number[] = [];
    void limiter.wait('partner', { mostWaitMs: 1_000 }).then(() => started.push(clock.now()));
    leaving.abort(new Error('left'));
    await rejection(first);
    expect(events.at(-1)).toMatchObject({ type: 'left', returned: false });
    void limiter.wait('partner', { mostWaitMs: 1_000 }).then(() => started.push(clock.now()));
    await clock.advance(1_000);
    expect(started).toEqual([200, 300]);
  });
});

describe('keys', () => {
  test('a key whose bucket is full again is forgotten, and nothing changes by it', async () => {
    const { limiter, clock, events } = setUp();
    for (let key = 0; key < 1_000; key++) limiter.take(`key ${key}`);
    expect(limiter.keys).toBe(1_000);
    await clock.advance(100);
    limiter.take('another');
    expect(limiter.keys).toBe(1);
    expect(events.some(({ type }) => type === 'forgotten')).toBe(false);
  });

  test('never more keys than allowed: the one that was admitted longest ago goes, and is told of', async () => {
    const { limiter, clock, events } = setUp({ mostKeys: 2 });
    admitted(limiter, 5, 'a');
    await clock.advance(1);
    admitted(limiter, 5, 'b');
    await clock.advance(100);
    admitted(limiter, 1, 'a');
    limiter.take('c');
    expect(limiter.keys).toBe(2);
    expect(events.filter(({ type }) => type === 'forgotten').map(({ key }) => key)).toEqual(['b']);
    expect(admitted(limiter, 5, 'a')).toBe(0);
  });

  test('a flood of invented keys stays within its memory', () => {
    const { limiter } = setUp({ mostKeys: 100 });
    for (let key = 0; key < 10_000; key++) limiter.take(`invented ${key}`);
    expect(limiter.keys).toBe(100);
  });
});

test('tells what it decided', () => {
  const { limiter, events } = setUp();
  limiter.take('partner', 5);
  refusalOf(() => limiter.take('partner'));
  expect(events).toEqual([
    { limiter: 'catalogue', key: 'partner', atMs: 0, type: 'admitted', cost: 5, waitMs: 0, remaining: 0 },
    { limiter: 'catalogue', key: 'partner', atMs: 0, type: 'refused', cost: 1, retryAfterMs: 100 },
  ]);
});

test('has the system clock and room for ten thousand keys where nothing else is said', () => {
  const limiter = new RateLimiter({ name: 'catalogue', capacity: 2, refill: 1, refillMs: 3_600_000 });
  for (let key = 0; key <= 10_000; key++) limiter.take(`key ${key}`);
  expect(limiter.keys).toBe(10_000);
});

test('refuses options and costs that make no sense', async () => {
  for (const name of ['capacity', 'refill', 'refillMs'] as const) {
    for (const value of [0, -1, Number.NaN, Infinity]) expect(() => setUp({ [name]: value })).toThrow(`${name} must be a positive number: current value is ${value}`);
  }
  for (const mostKeys of [0, 1.5, Number.NaN, Infinity]) expect(() => setUp({ mostKeys })).toThrow(`mostKeys must be a positive integer: current value is ${mostKeys}`);
  const { limiter } = setUp();
  for (const cost of [0, -5, Number.NaN, Infinity]) expect(() => limiter.take('partner', cost)).toThrow(`cost must be a positive number: current value is ${cost}`);
  for (const mostWaitMs of [0, Number.NaN, 2 ** 31]) expect(await rejection(limiter.wait('partner', { mostWaitMs }))).toEqual(new RangeError(`mostWaitMs must be above 0 and at most 2147483647: current value is ${mostWaitMs}`));
});
