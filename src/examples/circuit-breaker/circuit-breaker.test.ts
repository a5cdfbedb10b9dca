import { describe, expect, test } from 'vitest';
import { VirtualClock } from '../virtual-clock.ts';
import { CircuitBreaker, CircuitOpenError, ProbeTimeoutError } from './circuit-breaker.ts';
import type { BreakerEvent, BreakerOptions } from './circuit-breaker.ts';

class DownError extends Error { override readonly name = 'DownError'; }
class NotFoundError extends Error { override readonly name = 'NotFoundError'; }

/** Opens at half of at least 4 calls in 10 s, waits 5 s, lets 2 probes through for at most 3 s each. */
function setUp(options: Partial<BreakerOptions> = {}) {
  const clock = new VirtualClock();
  const events: BreakerEvent[] = [];
  const breaker = new CircuitBreaker({ name: 'payments', failureRate: 0.5, minimumCalls: 4, windowMs: 10_000, openMs: 5_000, probes: 2, probeTimeoutMs: 3_000, clock, onEvent: (event) => events.push(event), ...options });
  return { breaker, clock, events };
}

const succeed = async (): Promise<string> => 'paid';
const fail = async (): Promise<never> => { throw new DownError('no answer'); };

async function failTimes(breaker: CircuitBreaker, times: number): Promise<void> {
  for (let done = 0; done < times; done++) await breaker.run(fail).catch(() => {});
}

/** A call that ends when the test says so. */
function pendingCall(breaker: CircuitBreaker, signal?: AbortSignal) {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const result = breaker.run(() => promise, signal);
  result.catch(() => {});
  return { result, succeed: () => resolve('paid'), fail: (error: unknown = new DownError('no answer')) => reject(error) };
}

async function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(() => expect.fail('resolved'), (error: unknown) => error);
}

describe('closed', () => {
  test('passes results and errors on unchanged', async () => {
    const { breaker } = setUp();
    expect(await breaker.run(succeed)).toBe('paid');
    expect(await rejection(breaker.run(fail))).toBeInstanceOf(DownError);
    expect(breaker.state).toBe('closed');
  });

  test('stays closed below the minimum number of calls, even when all of them fail', async () => {
    const { breaker } = setUp();
    await failTimes(breaker, 3);
    expect(breaker.state).toBe('closed');
  });

  test('opens when the share of failures in the window reaches the limit', async () => {
    const { breaker } = setUp();
    await breaker.run(succeed);
    await breaker.run(succeed);
    await breaker.run(succeed);
    await failTimes(breaker, 2);
    expect(breaker.state).toBe('closed');
    await failTimes(breaker, 1);
    expect(breaker.state).toBe('open');
  });

  test('a success never opens the circuit, whatever the share is', async () => {
    const { breaker } = setUp();
    await failTimes(breaker, 3);
    await breaker.run(succeed);
    expect(breaker.state).toBe('closed');
  });

  test('forgets outcomes by time, also after a silence', async () => {
    const { breaker, clock } = setUp();
    await failTimes(breaker, 3);
    await clock.advance(10_000);
    await failTimes(breaker, 3);
    expect(breaker.state).toBe('closed');
  });

  test('remembers nine tenths of the window for certain', async () => {
    const { breaker, clock } = setUp();
    await failTimes(breaker, 3);
    await clock.advance(9_000);
    await failTimes(breaker, 1);
    expect(breaker.state).toBe('open');
  });

  test('an error that is an answer counts as a success', async () => {
    const { breaker } = setUp({ judge: (error) => error instanceof NotFoundError ? 'answered' : 'failed' });
    for (let call = 0; call < 5; call++) await breaker.run(async () => { throw new NotFoundError('no such order'); }).catch(() => {});
    await failTimes(breaker, 4);
    expect(breaker.state).toBe('closed');
    await failTimes(breaker, 1);
    expect(breaker.state).toBe('open');
  });

  test('an ignored error counts neither way', async () => {
    const { breaker } = setUp({ judge: (error) => error instanceof NotFoundError ? 'ignored' : 'failed' });
    for (let call = 0; call < 20; call++) await breaker.run(async () => { throw new NotFoundError('no such order'); }).catch(() => {});
    await failTimes(breaker, 3);
    expect(breaker.state).toBe('closed');
    await failTimes(breaker, 1);
    expect(breaker.state).toBe('open');
  });

  test('a synchronous throw is a rejection and counts as a failure', async () => {
    const { breaker } = setUp();
    for (let call = 0; call < 4; call++) {
      expect(await rejection(breaker.run(() => { throw new DownError('bad address'); }))).toBeInstanceOf(DownError);
    }
    expect(breaker.state).toBe('open');
  });
});

describe('open', () => {
  test('refuses at once, does not call the dependency and says who refused, why and for how long', async () => {
    const { breaker, clock } = setUp();
    await failTimes(breaker, 4);
    await clock.advance(1_000);
    let called = false;
    const error = await rejection(breaker.run(async () => { called = true; }));
    expect(error).toBeInstanceOf(CircuitOpenError);
    expect(error).toMatchObject({ name: 'CircuitOpenError', breaker: 'payments', retryAfterMs: 4_000, cause: new DownError('no answer'), message: "circuit 'payments' is open: next probe in 4000 ms" });
    expect(called).toBe(false);
  });

  test('rejections are not outcomes: they dilute no failure rate and do not prolong the wait', async () => {
    const { breaker, clock, events } = setUp();
    await failTimes(breaker, 4);
    await clock.advance(4_000);
    for (let call = 0; call < 100; call++) await breaker.run(succeed).catch(() => {});
    expect(events.filter(({ type }) => type === 'call')).toHaveLength(4);
    await clock.advance(1_000);
    expect(breaker.state).toBe('half-open');
  });

  test('a late success from before the opening does not close the circuit', async () => {
    const { breaker } = setUp();
    const slow = pendingCall(breaker);
    await failTimes(breaker, 4);
    slow.succeed();
    expect(await slow.result).toBe('paid');
    expect(breaker.state).toBe('open');
  });

  test('failures that arrive together do not postpone the first probe', async () => {
    const { breaker, clock } = setUp();
    const calls = [1, 2, 3, 4, 5, 6].map(() => pendingCall(breaker));
    for (const call of calls.slice(0, 4)) call.fail();
    await clock.advance(4_000);
    for (const call of calls.slice(4)) call.fail();
    await clock.advance(1_000);
    expect(breaker.state).toBe('half-open');
  });

  test('leaves no timer behind', async () => {
    const { breaker, clock } = setUp();
    await failTimes(breaker, 4);
    expect(clock.pending).toBe(0);
  });
});

describe('half-open', () => {
  async function halfOpen(options: Partial<BreakerOptions> = {}) {
    const parts = setUp(options);
    await failTimes(parts.breaker, 4);
    await parts.clock.advance(5_000);
    return parts;
  }

  test('lets only the probes through, so that callers do not rush in together', async () => {
    const { breaker } = await halfOpen();
    const calls = Array.from({ length: 50 }, () => pendingCall(breaker));
    calls[0]?.succeed();
    calls[1]?.succeed();
    const results = await Promise.allSettled(calls.map(({ result }) => result));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
    expect(await rejection(calls[49]!.result)).toMatchObject({ name: 'CircuitOpenError', retryAfterMs: undefined, message: "circuit 'payments' is open: a probe is under way" });
  });

  test('closes after as many successes as probes, and a success makes no room for a further call', async () => {
    const { breaker } = await halfOpen();
    await breaker.run(succeed);
    const last = pendingCall(breaker);
    expect(await rejection(breaker.run(succeed))).toBeInstanceOf(CircuitOpenError);
    expect(breaker.state).toBe('half-open');
    last.succeed();
    await last.result;
    expect(breaker.state).toBe('closed');
  });

  test('closing clears the window', async () => {
    const { breaker } = await halfOpen();
    await breaker.run(succeed);
    await breaker.run(succeed);
    await failTimes(breaker, 3);
    expect(breaker.state).toBe('closed');
  });

  test('one failing probe opens again, for the full time', async () => {
    const { breaker, clock } = await halfOpen();
    await breaker.run(succeed);
    await failTimes(breaker, 1);
    expect(breaker.state).toBe('open');
    await clock.advance(4_999);
    expect(breaker.state).toBe('open');
    await clock.advance(1);
    expect(breaker.state).toBe('half-open');
  });

  test('a call from before the opening neither closes nor reopens it', async () => {
    const { breaker, clock } = setUp({ probes: 1 });
    const first = pendingCall(breaker);
    const second = pendingCall(breaker);
    await failTimes(breaker, 4);
    await clock.advance(5_000);
    expect(breaker.state).toBe('half-open');
    first.succeed();
    second.fail();
    await clock.advance(0);
    expect(breaker.state).toBe('half-open');
  });

  test('a probe of an earlier half-open time does not count in the next one', async () => {
    const { breaker, clock } = await halfOpen();
    const slow = pendingCall(breaker);
    await failTimes(breaker, 1);
    await clock.advance(5_000);
    slow.succeed();
    await slow.result;
    await breaker.run(succeed);
    expect(breaker.state).toBe('half-open');
  });

  test('an ignored error gives its permit back', async () => {
    const { breaker } = await halfOpen({ judge: (error) => error instanceof NotFoundError ? 'ignored' : 'failed' });
    for (let call = 0; call < 10; call++) await breaker.run(async () => { throw new NotFoundError('no such order'); }).catch(() => {});
    await breaker.run(succeed);
    await breaker.run(succeed);
    expect(breaker.state).toBe('closed');
  });

  test('a judge that throws does not keep the permit', async () => {
    const { breaker, clock } = await halfOpen({ judge: () => { throw new TypeError('judge is broken'); } });
    expect(await rejection(breaker.run(fail))).toBeInstanceOf(TypeError);
    expect(breaker.state).toBe('open');
    await clock.advance(5_000);
    expect(await breaker.run(succeed)).toBe('paid');
  });

  test('a probe that hangs counts as a failure at its time limit and does not block the circuit', async () => {
    const { breaker, clock } = await halfOpen({ probes: 1 });
    const hung = pendingCall(breaker);
    await clock.advance(2_999);
    expect(await rejection(breaker.run(succeed))).toBeInstanceOf(CircuitOpenError);
    await clock.advance(1);
    expect(await rejection(breaker.run(succeed))).toMatchObject({ retryAfterMs: 5_000, cause: new ProbeTimeoutError('no end after 3000 ms') });
    await clock.advance(5_000);
    expect(await breaker.run(succeed)).toBe('paid');
    expect(breaker.state).toBe('closed');
    hung.fail();
    await clock.advance(0);
    expect(breaker.state).toBe('closed');
  });

  test('after a hung probe and a long silence the next caller may probe at once', async () => {
    const { breaker, clock } = await halfOpen({ probes: 1 });
    pendingCall(breaker);
    await clock.advance(3_000 + 5_000);
    expect(await breaker.run(succeed)).toBe('paid');
  });
});

describe('abort', () => {
  test('an aborted signal means no call', async () => {
    const { breaker, events } = setUp();
    let called = false;
    const reason = new Error('the customer left');
    expect(await rejection(breaker.run(async () => { called = true; }, AbortSignal.abort(reason)))).toBe(reason);
    expect({ called, events }).toEqual({ called: false, events: [] });
  });

  test('the operation gets the signal, and a call that its caller aborts is not held against the dependency', async () => {
    const { breaker } = setUp();
    for (let call = 0; call < 10; call++) {
      const caller = new AbortController();
      const result = breaker.run((signal) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))), caller.signal);
      caller.abort(new Error('the customer left'));
      expect(await rejection(result)).toMatchObject({ message: 'the customer left' });
    }
    await failTimes(breaker, 3);
    expect(breaker.state).toBe('closed');
  });

  test('an aborted probe gives its permit back', async () => {
    const { breaker, clock } = setUp({ probes: 1 });
    await failTimes(breaker, 4);
    await clock.advance(5_000);
    const caller = new AbortController();
    const probe = pendingCall(breaker, caller.signal);
    caller.abort();
    probe.fail(caller.signal.reason);
    await clock.advance(0);
    expect(await breaker.run(succeed)).toBe('paid');
  });
});

test('the event hook tells of calls, rejections and every change of state', async () => {
  const { breaker, clock, events } = setUp({ minimumCalls: 1, probes: 1 });
  const slow = pendingCall(breaker);
  await clock.advance(40);
  await failTimes(breaker, 1);
  slow.succeed();
  await failTimes(breaker, 1);
  await clock.advance(5_000);
  await breaker.run(succeed);
  const at = (atMs: number) => ({ breaker: 'payments', atMs });
  expect(events).toEqual([
    { ...at(40), type: 'call', outcome: 'failed', durationMs: 0, late: false },
    { ...at(40), type: 'state', from: 'closed', to: 'open' },
    { ...at(40), type: 'rejected', state: 'open' },
    { ...at(40), type: 'call', outcome: 'answered', durationMs: 40, late: true },
    { ...at(5_040), type: 'state', from: 'open', to: 'half-open' },
    { ...at(5_040), type: 'call', outcome: 'answered', durationMs: 0, late: false },
    { ...at(5_040), type: 'state', from: 'half-open', to: 'closed' },
  ]);
});

test('works with the defaults and the clock of the system', async () => {
  const breaker = new CircuitBreaker({ name: 'payments' });
  await failTimes(breaker, 19);
  expect(breaker.state).toBe('closed');
  await failTimes(breaker, 1);
  expect(breaker.state).toBe('open');
});

test('options out of range are refused with name, rule and value', () => {
  const create = (options: Partial<BreakerOptions>) => () => new CircuitBreaker({ name: 'payments', ...options });
  expect(create({ openMs: Infinity })).toThrow('openMs must be a positive number: current value is Infinity');
  expect(create({ windowMs: -1 })).toThrow('windowMs must be a positive number: current value is -1');
  expect(create({ probeTimeoutMs: NaN })).toThrow('probeTimeoutMs must be a positive number: current value is NaN');
  expect(create({ failureRate: 50 })).toThrow('failureRate must be at most 1: current value is 50');
  expect(create({ probes: 0 })).toThrow('probes must be a positive integer: current value is 0');
  expect(create({ minimumCalls: 2.5 })).toThrow('minimumCalls must be a positive integer: current value is 2.5');
});
