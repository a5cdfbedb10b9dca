import { describe, expect, test } from 'vitest';
import { VirtualClock } from '../virtual-clock.ts';
import { ConnectionError, HttpStatusError, isRetryable, retryAfterMs, send } from './http-failure.ts';
import { RetryBudget } from './retry-budget.ts';
import { backoffMs, retry, RetryGaveUpError } from './retry-with-backoff.ts';
import type { RetryEvent, RetryOptions } from './retry-with-backoff.ts';

class BriefError extends Error { override readonly name = 'BriefError'; }
class BugError extends Error { override readonly name = 'BugError'; }

/** Up to 4 attempts, waits of half of 100, 200 and 400 ms, 10 s in all. */
function setUp(options: Partial<RetryOptions> = {}, clock = new VirtualClock()) {
  const events: RetryEvent[] = [];
  const all: RetryOptions = {
    maxAttempts: 4, baseDelayMs: 100, maxDelayMs: 1_000, deadlineMs: 10_000,
    isRetryable: (error) => error instanceof BriefError, clock, random: () => 0.5, onEvent: (event) => events.push(event), ...options,
  };
  return { clock, events, options: all };
}

/** Fails `failures` times, then succeeds; notes when it was called. */
function flaky(clock: VirtualClock, failures: number, error: () => Error = () => new BriefError('reset')) {
  const atMs: number[] = [];
  const operation = async (): Promise<string> => {
    atMs.push(clock.now());
    if (atMs.length <= failures) throw error();
    return 'reserved';
  };
  return { operation, atMs };
}

function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(() => expect.fail('resolved'), (error: unknown) => error);
}

describe('attempts', () => {
  test('a success at once costs one attempt and no wait', async () => {
    const { clock, options, events } = setUp();
    const { operation, atMs } = flaky(clock, 0);
    expect(await retry(operation, options)).toBe('reserved');
    expect({ atMs, events, pending: clock.pending }).toEqual({ atMs: [0], events: [{ type: 'succeeded', attempts: 1 }], pending: 0 });
  });

  test('a brief fault is hidden from the caller; waits double and begin when an attempt ends', async () => {
    const { clock, options, events } = setUp();
    const { operation, atMs } = flaky(clock, 3);
    const result = retry(operation, options);
    await clock.advance(1_000);
    expect(await result).toBe('reserved');
    expect(atMs).toEqual([0, 50, 150, 350]);
    expect(events.map(({ type, attempts }) => [type, attempts])).toEqual([['waiting', 1], ['waiting', 2], ['waiting', 3], ['succeeded', 4]]);
  });

  test('the time an attempt takes is not taken off the wait', async () => {
    const { clock, options } = setUp({ maxAttempts: 2 });
    const startsMs: number[] = [];
    const result = retry(async () => {
      startsMs.push(clock.now());
      await clock.sleep(30);
      throw new BriefError('reset');
    }, options);
    const error = rejection(result);
    await clock.advance(1_000);
    await error;
    expect(startsMs).toEqual([0, 80]);
  });

  test('maxAttempts counts attempts: 4 means 4 calls, and the error keeps count and last failure', async () => {
    const { clock, options } = setUp();
    const { operation, atMs } = flaky(clock, 99, () => new BriefError(`failure ${atMs.length}`));
    const error = rejection(retry(operation, options));
    await clock.advance(10_000);
    expect(await error).toMatchObject({ name: 'RetryGaveUpError', reason: 'attempts', attempts: 4, cause: new BriefError('failure 4'), message: 'gave up after 4 attempts: no attempts left' });
    expect(atMs).toHaveLength(4);
  });

  test('there is no wait after the last attempt', async () => {
    const { clock, options } = setUp();
    const { operation } = flaky(clock, 99);
    let endedMs: number | undefined;
    retry(operation, options).catch(() => { endedMs = clock.now(); });
    await clock.advance(10_000);
    expect(endedMs).toBe(350);
    expect(clock.pending).toBe(0);
  });

  test('an error that is not retryable comes out at once and unchanged', async () => {
    const { clock, options, events } = setUp();
    const bug = new BugError('amount is undefined');
    const { operation, atMs } = flaky(clock, 99, () => bug);
    expect(await rejection(retry(operation, options))).toBe(bug);
    expect(atMs).toHaveLength(1);
    expect(events).toEqual([{ type: 'refused', attempts: 1, error: bug }]);
  });

  test('a synchronous throw is a failure like any other', async () => {
    const { clock, options } = setUp({ maxAttempts: 2 });
    const error = rejection(retry(() => { throw new BriefError('thrown'); }, options));
    await clock.advance(1_000);
    expect(await error).toMatchObject({ reason: 'attempts', cause: new BriefError('thrown') });
  });

  test('one attempt is allowed and says so', async () => {
    const { clock, options } = setUp({ maxAttempts: 1 });
    expect(await rejection(retry(flaky(clock, 1).operation, options))).toMatchObject({ message: 'gave up after 1 attempt: no attempts left' });
  });

  test('the operation learns the number of its attempt', async () => {
    const { clock, options } = setUp();
    const numbers: number[] = [];
    const result = retry(async ({ number }) => {
      numbers.push(number);
      if (number < 3) throw new BriefError('reset');
    }, options);
    await clock.advance(1_000);
    await result;
    expect(numbers).toEqual([1, 2, 3]);
  });
});

describe('backoff', () => {
  test('full jitter draws from zero to the limit, not from the limit upwards', () => {
    const limits = { baseDelayMs: 100, maxDelayMs: 1_000 };
    expect(backoffMs(1, { ...limits, random: () => 0 })).toBe(0);
    expect(backoffMs(1, { ...limits, random: () => 0.999 })).toBeCloseTo(99.9);
    expect(backoffMs(3, { ...limits, random: () => 0.999 })).toBeCloseTo(399.6);
  });

  test('the cap comes before the jitter, so that capped waits still spread', () => {
    const limits = { baseDelayMs: 100, maxDelayMs: 1_000 };
    expect(backoffMs(10, { ...limits, random: () => 0.25 })).toBe(250);
    expect(backoffMs(10, { ...limits, random: () => 0.75 })).toBe(750);
  });

  test('a great number of attempts does not overflow', () => {
    expect(backoffMs(5_000, { baseDelayMs: 100, maxDelayMs: 1_000, random: () => 0.5 })).toBe(500);
    expect(backoffMs(5_000, { baseDelayMs: 100, maxDelayMs: 1_000, random: () => 0 })).toBe(0);
  });

  test('without a source of chance of its own it takes the one of the system', () => {
    expect(backoffMs(1, { baseDelayMs: 100, maxDelayMs: 1_000 })).toBeLessThan(100);
  });
});

describe('Retry-After', () => {
  test('is a minimum, with jitter on top so that clients told the same second do not return together', async () => {
    const { clock, options } = setUp({ retryAfterMs: () => 2_000 });
    const { operation, atMs } = flaky(clock, 1);
    const result = retry(operation, options);
    await clock.advance(5_000);
    await result;
    expect(atMs).toEqual([0, 2_050]);
  });

  test('beyond the deadline means giving up at once', async () => {
    const { clock, options } = setUp({ retryAfterMs: () => 60_000 });
    expect(await rejection(retry(flaky(clock, 9).operation, options))).toMatchObject({ reason: 'deadline', attempts: 1, cause: new BriefError('reset') });
    expect(clock.now()).toBe(0);
  });

  test('a negative one does not shorten the wait, and one that is not a number ends it', async () => {
    const negative = setUp({ retryAfterMs: () => -500 });
    const { operation, atMs } = flaky(negative.clock, 1);
    const result = retry(operation, negative.options);
    await negative.clock.advance(1_000);
    await result;
    expect(atMs).toEqual([0, 50]);
    const unreadable = setUp({ retryAfterMs: () => NaN });
    expect(await rejection(retry(flaky(unreadable.clock, 9).operation, unreadable.options))).toMatchObject({ reason: 'deadline' });
  });

  test('is read as seconds, or as a date against the clock of the server', () => {
    const served = { date: 'Sat, 21 Nov 2026 10:00:00 GMT' };
    expect(retryAfterMs(new Headers({ 'retry-after': '120' }))).toBe(120_000);
    expect(retryAfterMs(new Headers({ ...served, 'retry-after': 'Sat, 21 Nov 2026 10:00:30 GMT' }))).toBe(30_000);
    expect(retryAfterMs(new Headers({ ...served, 'retry-after': 'Sat, 21 Nov 2026 09:59:00 GMT' }))).toBe(0);
    expect(retryAfterMs(new Headers({ 'retry-after': 'Sat, 21 Nov 2026 10:00:30 GMT' }))).toBeUndefined();
    expect(retryAfterMs(new Headers({ ...served, 'retry-after': 'soon' }))).toBeUndefined();
    expect(retryAfterMs(new Headers(served))).toBeUndefined();
  });
});

describe('deadline and abort', () => {
  test('the deadline holds for all attempts together and keeps the last failure', async () => {
    const { clock, options } = setUp({ maxAttempts: 100, deadlineMs: 1_000 });
    const { operation } = flaky(clock, 99);
    const error = rejection(retry(operation, options));
    await clock.advance(10_000);
    expect(await error).toMatchObject({ reason: 'deadline', cause: new BriefError('reset') });
  });

  test('a hanging attempt is told to stop, and the caller is let go even if it does not', async () => {
    const { clock, options } = setUp({ deadlineMs: 1_000 });
    let told: unknown;
    let endedMs: number | undefined;
    const error = rejection(retry(({ signal }) => new Promise(() => signal.addEventListener('abort', () => { told = signal.reason; })), options)).finally(() => { endedMs = clock.now(); });
    await clock.advance(5_000);
    expect(await error).toMatchObject({ reason: 'deadline', attempts: 1, cause: { name: 'TimeoutError' } });
    expect(endedMs).toBe(1_000);
    expect(told).toMatchObject({ message: '1000 ms have passed' });
    expect(clock.pending).toBe(0);
  });

  test('a hanging second attempt does not hide the first failure', async () => {
    const { clock, options } = setUp({ deadlineMs: 1_000 });
    const error = rejection(retry(({ number }) => number === 1 ? Promise.reject(new BriefError('reset')) : new Promise(() => {}), options));
    await clock.advance(5_000);
    expect(await error).toMatchObject({ reason: 'deadline', attempts: 2, cause: new BriefError('reset') });
  });

  test('what an abandoned attempt does later is ignored', async () => {
    const { clock, options } = setUp({ deadlineMs: 1_000 });
    const error = rejection(retry(async () => {
      await clock.sleep(2_000);
      throw new BriefError('too late');
    }, options));
    await clock.advance(5_000);
    expect(await error).toBeInstanceOf(RetryGaveUpError);
  });

  test('a wait that ends late, after the deadline, is not followed by an attempt', async () => {
    class LateClock extends VirtualClock {
      override sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
        return super.sleep(delayMs + 2_000, signal);
      }
    }
    const { clock, options } = setUp({ deadlineMs: 1_000 }, new LateClock());
    const { operation, atMs } = flaky(clock, 9);
    const error = rejection(retry(operation, options));
    await clock.advance(5_000);
    expect(await error).toMatchObject({ reason: 'deadline', attempts: 1 });
    expect(atMs).toEqual([0]);
  });

  test('an abort at the moment the wait ends is not followed by an attempt', async () => {
    const caller = new AbortController();
    class AbortingClock extends VirtualClock {
      override async sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
        await super.sleep(delayMs, signal);
        caller.abort(new Error('the customer left'));
      }
    }
    const { clock, options } = setUp({}, new AbortingClock());
    const { operation, atMs } = flaky(clock, 9);
    const error = rejection(retry(operation, options, caller.signal));
    await clock.advance(5_000);
    expect(await error).toMatchObject({ message: 'the customer left' });
    expect(atMs).toEqual([0]);
  });

  test('an aborted signal means no attempt', async () => {
    const { clock, options } = setUp();
    const { operation, atMs } = flaky(clock, 0);
    const reason = new Error('the customer left');
    expect(await rejection(retry(operation, options, AbortSignal.abort(reason)))).toBe(reason);
    expect(atMs).toEqual([]);
  });

  test('an abort ends the wait at once, with its own reason and no further attempt', async () => {
    const { clock, options } = setUp();
    const { operation, atMs } = flaky(clock, 9);
    const caller = new AbortController();
    const error = rejection(retry(operation, options, caller.signal));
    await clock.advance(10);
    caller.abort(new Error('the customer left'));
    expect(await error).toMatchObject({ message: 'the customer left' });
    await clock.advance(5_000);
    expect(atMs).toEqual([0]);
    expect(clock.pending).toBe(0);
  });

  test('an abort during an attempt keeps its reason, even in the last one, and is not asked about', async () => {
    const { clock, options, events } = setUp({ maxAttempts: 1, isRetryable: () => expect.fail('asked') });
    const caller = new AbortController();
    const error = rejection(retry(() => new Promise(() => {}), options, caller.signal));
    caller.abort(new Error('the customer left'));
    await clock.advance(5_000);
    expect(await error).toMatchObject({ message: 'the customer left' });
    expect(events).toEqual([]);
  });
});

describe('budget', () => {
  test('is shared by all calls: in an outage the extra load ends with the reserve', async () => {
    const { clock, options } = setUp({ budget: new RetryBudget({ reserve: 5, successesPerRetry: 10 }) });
    const { operation, atMs } = flaky(clock, Infinity);
    const errors = Array.from({ length: 100 }, () => rejection(retry(operation, options)));
    await clock.advance(60_000);
    await Promise.all(errors);
    expect(atMs).toHaveLength(100 + 5);
    expect(await errors[99]).toMatchObject({ reason: 'budget', attempts: 1, message: 'gave up after 1 attempt: the retry budget is spent' });
  });

  test('never blocks a first attempt, and a success after a refusal is a success', async () => {
    const budget = new RetryBudget({ reserve: 1, successesPerRetry: 10 });
    expect(budget.spend()).toBe(true);
    const { clock, options } = setUp({ budget });
    expect(await retry(flaky(clock, 0).operation, options)).toBe('reserved');
  });

  test('ten successes pay for exactly one retry', async () => {
    const budget = new RetryBudget({ reserve: 1, successesPerRetry: 10 });
    budget.spend();
    const { clock, options } = setUp({ budget });
    const { operation } = flaky(clock, 0);
    for (let call = 0; call < 9; call++) await retry(operation, options);
    expect(budget.spend()).toBe(false);
    await retry(operation, options);
    expect(budget.spend()).toBe(true);
    expect(budget.spend()).toBe(false);
  });

  test('saves up no more than the reserve', () => {
    const budget = new RetryBudget({ reserve: 2, successesPerRetry: 1 });
    for (let call = 0; call < 1_000; call++) budget.earn();
    expect([budget.spend(), budget.spend(), budget.spend()]).toEqual([true, true, false]);
  });

  test('says how many retries are left', () => {
    const budget = new RetryBudget({ reserve: 2, successesPerRetry: 10 });
    budget.spend();
    for (let call = 0; call < 9; call++) budget.earn();
    expect(budget.left).toBe(1);
    budget.earn();
    expect(budget.left).toBe(2);
  });

  test('refuses a reserve or price that is not a positive integer', () => {
    expect(() => new RetryBudget({ reserve: 0, successesPerRetry: 10 })).toThrow('reserve must be a positive integer: current value is 0');
    expect(() => new RetryBudget({ reserve: 5, successesPerRetry: 0.1 })).toThrow('successesPerRetry must be a positive integer: current value is 0.1');
  });
});

describe('over HTTP', () => {
  const get = () => new Request('http://inventory.test/stock/17');
  const post = (headers: Record<string, string> = {}) => new Request('http://payments.test/charges', { method: 'POST', body: '{}', headers });

  test('an answer that is fine comes back', async () => {
    expect((await send(get(), async () => new Response('3'))).status).toBe(200);
  });

  test('a 503 is an error with the time the server asks for, and its body is let go', async () => {
    const response = new Response('busy', { status: 503, headers: { 'retry-after': '7' } });
    expect(await rejection(send(get(), async () => response))).toMatchObject({ name: 'HttpStatusError', status: 503, retryAfterMs: 7_000, message: 'the service answered 503' });
    expect(await response.body?.getReader().read()).toEqual({ done: true, value: undefined });
  });

  test('a body that broke off does not hide the status', async () => {
    const broken = new ReadableStream({ start: (controller) => controller.error(new TypeError('terminated')) });
    expect(await rejection(send(get(), async () => new Response(broken, { status: 503 })))).toBeInstanceOf(HttpStatusError);
  });

  test('an error without a body is an error as well', async () => {
    expect(await rejection(send(get(), async () => new Response(null, { status: 404 })))).toBeInstanceOf(HttpStatusError);
  });

  test('no answer is a ConnectionError that keeps its cause; an abort stays an abort', async () => {
    const cause = new TypeError('fetch failed');
    expect(await rejection(send(get(), async () => { throw cause; }))).toMatchObject({ name: 'ConnectionError', message: 'no answer from inventory.test', cause });
    const reason = new Error('the customer left');
    const request = new Request(get(), { signal: AbortSignal.abort(reason) });
    expect(await rejection(send(request, async () => { throw cause; }))).toBe(reason);
  });

  test('without a transport it uses the fetch of the system', async () => {
    expect(await rejection(send(new Request('http://127.0.0.1:1/')))).toBeInstanceOf(ConnectionError);
  });

  test('brief faults are retryable; refusals and bugs are not', () => {
    expect(isRetryable(get(), new HttpStatusError(503, undefined))).toBe(true);
    expect(isRetryable(get(), new HttpStatusError(429, 1_000))).toBe(true);
    expect(isRetryable(get(), new ConnectionError('no answer'))).toBe(true);
    expect(isRetryable(get(), new DOMException('1000 ms have passed', 'TimeoutError'))).toBe(true);
    expect(isRetryable(get(), new HttpStatusError(400, undefined))).toBe(false);
    expect(isRetryable(get(), new HttpStatusError(401, undefined))).toBe(false);
    expect(isRetryable(get(), new HttpStatusError(500, undefined))).toBe(false);
    expect(isRetryable(get(), new BugError('amount is undefined'))).toBe(false);
  });

  test('a POST is repeated only with an idempotency key', () => {
    expect(isRetryable(post(), new ConnectionError('no answer'))).toBe(false);
    expect(isRetryable(post({ 'idempotency-key': 'order-17' }), new ConnectionError('no answer'))).toBe(true);
  });

  test('all parts together: a lost answer, a hang and a busy server become one answer, always with the same key', async () => {
    const { clock, options } = setUp();
    const reserve = post({ 'idempotency-key': 'r-17' });
    const keys: (string | null)[] = [];
    const inventory = async ({ headers, signal }: Request): Promise<Response> => {
      keys.push(headers.get('idempotency-key'));
      if (keys.length === 1) throw new TypeError('fetch failed');
      if (keys.length === 2) return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
      return keys.length === 3 ? new Response('busy', { status: 503, headers: { 'retry-after': '1' } }) : new Response('reserved');
    };
    const result = retry(({ signal }) => {
      const limit = new AbortController();
      clock.setTimeout(() => limit.abort(new DOMException('200 ms have passed', 'TimeoutError')), 200);
      return send(new Request(reserve.clone(), { signal: AbortSignal.any([signal, limit.signal]) }), inventory);
    }, {
      ...options,
      isRetryable: (error) => isRetryable(reserve, error),
      retryAfterMs: (error) => error instanceof HttpStatusError ? error.retryAfterMs : undefined,
    });
    await clock.advance(5_000);
    expect((await result).status).toBe(200);
    expect(keys).toEqual(['r-17', 'r-17', 'r-17', 'r-17']);
  });
});

test('works with the clock of the system', async () => {
  const error = rejection(retry(async () => { throw new BriefError('reset'); }, { maxAttempts: 2, baseDelayMs: 1, maxDelayMs: 1, deadlineMs: 1_000, isRetryable: () => true }));
  expect(await error).toMatchObject({ reason: 'attempts', attempts: 2 });
});

test('options out of range are refused with name, rule and value', async () => {
  const message = async (options: Partial<RetryOptions>) => String(await rejection(retry(async () => {}, setUp(options).options)));
  expect(await message({ maxAttempts: 0 })).toBe('RangeError: maxAttempts must be a positive integer: current value is 0');
  expect(await message({ maxAttempts: Infinity })).toBe('RangeError: maxAttempts must be a positive integer: current value is Infinity');
  expect(await message({ baseDelayMs: -5 })).toBe('RangeError: baseDelayMs must be a number of milliseconds above 0 and up to 2147483647: current value is -5');
  expect(await message({ maxDelayMs: NaN })).toContain('maxDelayMs must be');
  expect(await message({ deadlineMs: 2 ** 31 })).toContain('deadlineMs must be');
});
