import { describe, expect, test } from 'vitest';
import { Bulkhead, BulkheadFullError } from '../bulkhead/bulkhead.ts';
import { SourceTimeoutError } from '../cache-fallback/cache-fallback.ts';
import { CircuitOpenError } from '../circuit-breaker/circuit-breaker.ts';
import { ConnectionError, HttpStatusError, send } from '../retry-with-backoff/http-failure.ts';
import { RetryBudget } from '../retry-with-backoff/retry-budget.ts';
import { RetryGaveUpError } from '../retry-with-backoff/retry-with-backoff.ts';
import { VirtualClock } from '../virtual-clock.ts';
import { limited } from './layers.ts';
import { meaningOf } from './meaning.ts';
import { attemptLimitMs, partOf, protect, rightOrder } from './one-slow-service.ts';
import type { Call, LayerName, Protection } from './one-slow-service.ts';

const live = new AbortController().signal;
type Recommendations = (product: string, signal: AbortSignal) => Promise<string[] | undefined>;
const hanging: Recommendations = () => new Promise(() => {});
const refusing: Recommendations = async () => { throw new ConnectionError('connection refused'); };
const working: Recommendations = async (product) => [`beside ${product}`];

/** 3 attempts within 1 s, pauses of half of 50 and 100 ms: 283 ms are left for an attempt. */
const attemptMs = 283;

const protection: Protection = { name: 'recommendations', deadlineMs: 1_000, maxAttempts: 3, baseDelayMs: 50, slots: 8, openMs: 2_000, staleMs: 600_000 };

function setUp(order: readonly LayerName[], options: Partial<Protection> = {}) {
  const clock = new VirtualClock();
  const states: string[] = [];
  /** What recommendations does; a test changes it. */
  const service = { does: working, calls: 0, inFlight: 0, most: 0 };
  const call: Call<string, string[]> = protect(async (product: string, signal: AbortSignal) => {
    service.calls += 1;
    service.most = Math.max(service.most, ++service.inFlight);
    try {
      return await service.does(product, signal);
    } finally {
      service.inFlight -= 1;
    }
  }, {
    ...protection, clock, random: () => 0.5, onEvent: (event) => { if ('breaker' in event && event.type === 'state') states.push(event.to); }, ...options,
  }, order);
  /** Asks `times` times at once and lets `ms` pass. */
  const askTimes = async (times: number, ms: number): Promise<unknown[]> => {
    const ends: unknown[] = [];
    for (let each = 0; each < times; each++) call(`product ${each}`, live).then((end) => ends.push(end), (error: unknown) => ends.push(error));
    await clock.advance(ms);
    return ends;
  };
  return { clock, states, service, call, askTimes };
}

function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(() => expect.fail('resolved'), (error: unknown) => error);
}

/** Four workers, and as many product pages as take them all; then comes a checkout. @returns how long it waited for a worker */
async function checkoutWaits(order: readonly LayerName[], pages = 12, forMs = 60_000): Promise<number | undefined> {
  const { clock, service, call } = setUp(order, { slots: 2 });
  service.does = hanging;
  const workers = new Bulkhead({ name: 'workers', slots: 4, queue: 1_000, waitMs: 1_000_000, clock });
  for (let page = 0; page < pages; page++) workers.run(() => partOf(call, `product ${page}`, live)).catch(() => {});
  await clock.advance(0);
  const startMs = clock.now();
  let waitedMs: number | undefined;
  workers.run(async () => { waitedMs = clock.now() - startMs; }).catch(() => {});
  await clock.advance(forMs);
  return waitedMs;
}

describe('step by step: a checkout behind twelve product pages while recommendations hangs', () => {
  test('nothing: it waits for ever', async () => {
    expect(await checkoutWaits([])).toBeUndefined();
  });

  test('a timeout: it waits for three rounds of it', async () => {
    expect(await checkoutWaits(['timeout'])).toBe(3 * attemptMs);
  });

  test('timeout and retries: it waits for every attempt and every pause of those before', async () => {
    expect(await checkoutWaits(['retry', 'timeout'])).toBe(3 * (3 * attemptMs + 25 + 50));
  });

  test('a breaker: those who come after the failures are refused at once', async () => {
    const order = ['retry', 'breaker', 'timeout'] as const;
    // The twentieth failure is a second attempt of the second round; the third is refused.
    expect(await checkoutWaits(order, 40)).toBe((3 * attemptMs + 25 + 50) + (2 * attemptMs + 25 + 50));
    expect(await checkoutWaits(['retry', 'timeout'], 40)).toBe(10 * (3 * attemptMs + 25 + 50));
  });

  test('a bulkhead: two pages wait, all others are answered without that part, and a worker is free', async () => {
    expect(await checkoutWaits(['retry', 'breaker', 'bulkhead', 'timeout'])).toBe(0);
    expect(await checkoutWaits(rightOrder, 1_000)).toBe(0);
  });

  test('copies: the pages have the part as well, and say how old it is', async () => {
    const { clock, service, call, askTimes } = setUp(rightOrder);
    await call('product 0', live);
    await clock.advance(30_000);
    service.does = hanging;
    const ends = await askTimes(1, 1_000);
    expect(ends).toEqual([{ value: ['beside product 0'], ageMs: 30_000 + attemptMs, degraded: true }]);
  });

  test('when recommendations is well again a probe finds out, and answers are new', async () => {
    const { clock, service, states, call, askTimes } = setUp(rightOrder);
    service.does = hanging;
    await askTimes(8, 4_000);
    await askTimes(8, 4_000);
    expect(states[0]).toBe('open');
    service.does = working;
    await askTimes(2, 0);
    expect(states.at(-1)).toBe('closed');
    expect(await call('product 9', live)).toEqual({ value: ['beside product 9'], ageMs: 0, degraded: false });
    await clock.advance(2_000);
    expect(clock.pending).toBe(0);
  });
});

describe('the order', () => {
  test('is fallback, retry, breaker, bulkhead, timeout', () => {
    expect(rightOrder).toEqual(['fallback', 'retry', 'breaker', 'bulkhead', 'timeout']);
  });

  test('the timeout goes inside of the breaker: outside, a hang ends as a caller who leaves, and is never counted', async () => {
    const outcome = async (order: readonly LayerName[]): Promise<string[]> => {
      const { service, states, askTimes } = setUp(order);
      service.does = hanging;
      await askTimes(50, 1_000);
      return states;
    };
    expect(await outcome(['breaker', 'timeout'])).toEqual(['open']);
    expect(await outcome(['timeout', 'breaker'])).toEqual([]);
  });

  test('the fallback goes outside of the breaker: inside, a copy that stands in looks like a success', async () => {
    const outcome = async (order: readonly LayerName[]): Promise<unknown> => {
      const { clock, service, states, askTimes } = setUp(order);
      await askTimes(50, 10_000);
      service.does = refusing;
      const ends = await askTimes(50, 3_000);
      await askTimes(50, 0);
      const degraded = ends.filter((end) => (end as { degraded: boolean }).degraded).length;
      return { degraded, state: states[0], calls: service.calls, pending: clock.pending };
    };
    // All fifty of the second round are under way before the first of them fails; of the third, two pass as probes.
    expect(await outcome(['fallback', 'breaker', 'timeout'])).toEqual({ degraded: 50, state: 'open', calls: 50 + 50 + 2, pending: 0 });
    expect(await outcome(['breaker', 'fallback', 'timeout'])).toEqual({ degraded: 50, state: undefined, calls: 150, pending: 0 });
  });

  test('the retry goes outside of the breaker: inside, it counts customers instead of attempts', async () => {
    const outcome = async (order: readonly LayerName[]): Promise<unknown> => {
      const { service, states, askTimes } = setUp(order);
      service.does = hanging;
      await askTimes(10, 2_000);
      return { states, calls: service.calls };
    };
    expect(await outcome(['retry', 'breaker', 'timeout'])).toEqual({ states: ['open'], calls: 20 });
    expect(await outcome(['breaker', 'retry', 'timeout'])).toEqual({ states: [], calls: 30 });
  });

  test('the retry goes outside of the bulkhead: inside, a slot is held through its pauses', async () => {
    const refused = async (order: readonly LayerName[]): Promise<number> => {
      const { clock, service, askTimes } = setUp(order, { slots: 1 });
      service.does = refusing;
      const ends = await askTimes(1, 10);
      const others = await askTimes(1, 1_000);
      expect(clock.pending).toBe(0);
      return [...ends, ...others].filter((end) => end instanceof BulkheadFullError).length;
    };
    expect(await refused(['retry', 'bulkhead'])).toBe(0);
    expect(await refused(['bulkhead', 'retry'])).toBe(1);
  });

  test('the timeout goes inside of the bulkhead: outside, a call that does not stop keeps its slot, and nobody is let through', async () => {
    const calls = async (order: readonly LayerName[]): Promise<number> => {
      const { service, askTimes } = setUp(order, { slots: 1 });
      service.does = hanging;
      for (let each = 0; each < 3; each++) await askTimes(1, 300);
      return service.calls;
    };
    expect(await calls(['bulkhead', 'timeout'])).toBe(3);
    expect(await calls(['timeout', 'bulkhead'])).toBe(1);
  });

  test('the fallback goes outside of the retry: inside, a copy stands in at the first fault of a moment, and nobody asks again', async () => {
    const outcome = async (order: readonly LayerName[]): Promise<unknown> => {
      const { clock, service, call, askTimes } = setUp(order);
      await call('product 0', live);
      await clock.advance(10_000);
      service.does = async (product) => {
        service.does = working;
        return refusing(product, live);
      };
      return await askTimes(1, 500);
    };
    expect(await outcome(['fallback', 'retry'])).toMatchObject([{ ageMs: 25, degraded: false }]);
    expect(await outcome(['retry', 'fallback'])).toMatchObject([{ ageMs: 10_000, degraded: true }]);
  });

  test('the fallback goes outside of the timeout: inside, the copy ends with the call', async () => {
    const degraded = async (order: readonly LayerName[]): Promise<number> => {
      const { clock, service, call, askTimes } = setUp(order);
      await call('product 0', live);
      await clock.advance(1_000);
      service.does = hanging;
      const ends = await askTimes(1, 2_000);
      return ends.filter((end) => !(end instanceof Error)).length;
    };
    expect(await degraded(['fallback', 'timeout'])).toBe(1);
    expect(await degraded(['timeout', 'fallback'])).toBe(0);
  });

  test('a refusal of the bulkhead is not held against a healthy service, and not repeated', async () => {
    const { service, states, askTimes } = setUp(['retry', 'breaker', 'bulkhead', 'timeout'], { slots: 1 });
    service.does = async (product, signal) => { await new Promise((resolve) => signal.addEventListener('abort', resolve)); return [product]; };
    const ends = await askTimes(100, 0);
    expect(ends.filter((end) => end instanceof BulkheadFullError)).toHaveLength(99);
    expect({ states, calls: service.calls }).toEqual({ states: [], calls: 1 });
  });

  test('breaker and bulkhead may change places', async () => {
    expect(await checkoutWaits(['fallback', 'retry', 'bulkhead', 'breaker', 'timeout'], 1_000)).toBe(0);
  });

  test('an open circuit is not tried again', async () => {
    const { clock, service, call, askTimes } = setUp(['retry', 'breaker', 'timeout']);
    service.does = refusing;
    await askTimes(20, 1_000);
    const before = { calls: service.calls, atMs: clock.now() };
    expect(await rejection(call('product 0', live))).toBeInstanceOf(CircuitOpenError);
    expect({ calls: service.calls, atMs: clock.now() }).toEqual(before);
  });
});

describe('the limit of an attempt', () => {
  test('is what the deadline leaves when the longest pauses are taken off, divided by the attempts', () => {
    expect(attemptLimitMs({ deadlineMs: 1_000, maxAttempts: 3, baseDelayMs: 50 })).toBe((1_000 - 50 - 100 - 1) / 3);
    expect(attemptLimitMs({ deadlineMs: 1_000, maxAttempts: 1, baseDelayMs: 50 })).toBe(999);
  });

  test('says which option leaves no time, or is none', () => {
    const times = { deadlineMs: 1_000, maxAttempts: 3, baseDelayMs: 50 };
    const refusal = (wrong: Partial<typeof times>) => () => protect(working, { ...protection, ...wrong });
    expect(refusal({ deadlineMs: 150 })).toThrow('deadlineMs must be longer than the pauses between 3 attempts: current value is 150');
    expect(refusal({ maxAttempts: 1e9 })).toThrow('deadlineMs must be longer than the pauses between 1000000000 attempts: current value is 1000');
    for (const maxAttempts of [0, -1, 1.5, Number.NaN, Infinity]) expect(refusal({ maxAttempts })).toThrow(`maxAttempts must be a positive integer: current value is ${maxAttempts}`);
    for (const wrong of [0, -1, Number.NaN, Infinity]) {
      expect(refusal({ deadlineMs: wrong })).toThrow(`deadlineMs must be a number of milliseconds above 0 and up to 2147483647: current value is ${wrong}`);
      expect(refusal({ baseDelayMs: wrong })).toThrow(`baseDelayMs must be a number of milliseconds above 0 and up to 2147483647: current value is ${wrong}`);
    }
  });

  test('ends before the deadline, with a single attempt too: a hang that the deadline ends is not counted', async () => {
    const { service, states, askTimes } = setUp(rightOrder, { maxAttempts: 1, slots: 50 });
    service.does = hanging;
    await askTimes(50, 1_000);
    expect(states).toEqual(['open']);
  });

  test('lets the caller go, tells the call, and ignores what it does later', async () => {
    const clock = new VirtualClock();
    let told: unknown;
    const call = limited(clock, 300)<string, string>(async (_, signal) => {
      signal.addEventListener('abort', () => { told = signal.reason; });
      await clock.sleep(500);
      throw new Error('too late');
    });
    const error = rejection(call('a', live));
    await clock.advance(299);
    expect(told).toBeUndefined();
    await clock.advance(1);
    expect(await error).toMatchObject({ name: 'TimeoutError', message: 'no answer within 300 ms' });
    expect(told).toBe(await error);
    await clock.advance(500);
    expect(clock.pending).toBe(0);
  });

  test('a caller who leaves keeps the reason; one who has left is not served', async () => {
    const clock = new VirtualClock();
    let calls = 0;
    const call = limited(clock, 300)<string, string>(() => { calls += 1; return new Promise(() => {}); });
    const caller = new AbortController();
    const error = rejection(call('a', caller.signal));
    caller.abort(new Error('the customer left'));
    expect(await error).toMatchObject({ message: 'the customer left' });
    expect(await rejection(call('a', caller.signal))).toMatchObject({ message: 'the customer left' });
    expect({ calls, pending: clock.pending }).toEqual({ calls: 1, pending: 0 });
  });

  test('a caller who leaves while the call begins is let go', async () => {
    const caller = new AbortController();
    const call = limited(new VirtualClock(), 300)<string, string>(() => {
      caller.abort(new Error('the customer left'));
      return new Promise(() => {});
    });
    expect(await rejection(call('a', caller.signal))).toMatchObject({ message: 'the customer left' });
  });

  test('a synchronous throw is a rejection, and leaves no timer', async () => {
    const clock = new VirtualClock();
    expect(await rejection(limited(clock, 300)(() => { throw new Error('thrown'); })('a', live))).toMatchObject({ message: 'thrown' });
    expect(clock.pending).toBe(0);
  });
});

describe('Retry-After', () => {
  const busy = (retryAfterMs: number): Recommendations => async () => { throw new HttpStatusError(503, retryAfterMs); };

  test('is waited for', async () => {
    const { service, askTimes } = setUp(['retry']);
    service.does = busy(200);
    await askTimes(1, 200);
    expect(service.calls).toBe(1);
    await askTimes(0, 25);
    expect(service.calls).toBe(2);
  });

  test('behind the deadline it ends the call at once', async () => {
    const { clock, service, askTimes } = setUp(['retry']);
    service.does = busy(30_000);
    expect(await askTimes(1, 0)).toMatchObject([{ name: 'RetryGaveUpError', reason: 'deadline' }]);
    expect(clock.pending).toBe(0);
  });
});

describe('the budget', () => {
  test('ends retries for all calls together', async () => {
    const { service, askTimes } = setUp(['retry', 'timeout'], { budget: new RetryBudget({ reserve: 4, successesPerRetry: 10 }) });
    service.does = refusing;
    const ends = await askTimes(20, 2_000);
    expect(service.calls).toBe(24);
    expect(ends.filter((end) => end instanceof RetryGaveUpError && end.reason === 'budget')).toHaveLength(20);
  });
});

describe('what an error means', () => {
  test('it may work in a moment', () => {
    const errors = [new DOMException('no answer', 'TimeoutError'), new ConnectionError('reset'), new HttpStatusError(503, undefined)];
    expect(errors.map(meaningOf)).toEqual(['brief', 'brief', 'brief']);
  });

  test('it is down', () => {
    const errors = [new HttpStatusError(500, undefined), new RetryGaveUpError('attempts', 3, new ConnectionError('reset')), new SourceTimeoutError('recommendations', 300)];
    expect(errors.map(meaningOf)).toEqual(['down', 'down', 'down']);
  });

  test('it was not asked', () => {
    expect([new CircuitOpenError('recommendations', 100, undefined), new BulkheadFullError('recommendations', 8, 0)].map(meaningOf)).toEqual(['refused', 'refused']);
  });

  test('it says that there is no such thing', () => {
    expect([404, 410].map((status) => meaningOf(new HttpStatusError(status, undefined)))).toEqual(['gone', 'gone']);
  });

  test('the mistake is ours', () => {
    expect([new HttpStatusError(400, undefined), new TypeError('undefined is not a function'), 'a string'].map(meaningOf)).toEqual(['ours', 'ours', 'ours']);
  });

  test('a part that cannot be had is left out; our mistake is not hidden, and neither is a caller who left', async () => {
    const { service, call } = setUp([]);
    service.does = refusing;
    expect(await partOf(call, 'a', live)).toBeUndefined();
    service.does = async () => { throw new TypeError('a bug'); };
    expect(await rejection(partOf(call, 'a', live))).toBeInstanceOf(TypeError);
    const left = AbortSignal.abort(new Error('the customer left'));
    service.does = refusing;
    expect(await rejection(partOf(call, 'a', left))).toMatchObject({ message: 'the customer left' });
  });

  test('a product that is gone takes its copy along', async () => {
    const { clock, service, call } = setUp(rightOrder);
    await call('a', live);
    await clock.advance(1_000);
    service.does = async () => { throw new HttpStatusError(404, undefined); };
    expect(await rejection(call('a', live))).toBeInstanceOf(HttpStatusError);
    service.does = refusing;
    const error = rejection(call('a', live));
    await clock.advance(1_000);
    expect(await error).toBeInstanceOf(RetryGaveUpError);
  });
});

test('over HTTP, on the clock of the system: a 503, then an answer', async () => {
  const statuses = [503, 200];
  const transport = async (): Promise<Response> => Response.json(['a lamp'], { status: statuses.shift() ?? 500 });
  const ask = async (product: string, signal: AbortSignal): Promise<string[]> => {
    const response = await send(new Request(`https://recommendations.example/beside/${product}`, { signal }), transport);
    return await response.json() as string[];
  };
  const recommend = protect(ask, { name: 'recommendations', deadlineMs: 5_000, maxAttempts: 2, baseDelayMs: 1, slots: 8, openMs: 2_000, staleMs: 60_000 });
  expect((await recommend('chair', live)).value).toEqual(['a lamp']);
});
