import { beforeEach, describe, expect, test, vi } from 'vitest';
import { VirtualClock } from '../virtual-clock.ts';
import { Ambassador, AmbassadorError, Identity } from './ambassador.ts';
import type { AmbassadorEvent, AmbassadorOptions } from './ambassador.ts';
import { within } from './limit.ts';

interface Call { method: 'GET' | 'POST'; key: string }
const get = (key = 'price/1'): Call => ({ method: 'GET', key });
const post = (key = 'order/1'): Call => ({ method: 'POST', key });

let clock: VirtualClock;
let sent: { endpoint: string; token: string; signal: AbortSignal }[];
let events: AmbassadorEvent[];
/** What each endpoint does; without a word it answers after 10 ms. */
let ways: Record<string, (signal: AbortSignal) => Promise<string>>;
beforeEach(() => { clock = new VirtualClock(); sent = []; events = []; ways = {}; });

const fails = (ms: number, message = 'reset') => () => clock.sleep(ms).then(() => { throw new Error(message); });
const hangs = (signal: AbortSignal): Promise<string> => clock.sleep(1e9, signal).then(() => 'never');

function make(options: Partial<AmbassadorOptions<Call, string>> = {}): Ambassador<Call, string> {
  return new Ambassador({
    name: 'supplier',
    route: ({ key }) => key.startsWith('elsewhere') ? [] : ['a', 'b', 'c'],
    send: (endpoint, _call, token, signal) => {
      sent.push({ endpoint, token, signal });
      return ways[endpoint]?.(signal) ?? clock.sleep(10, signal).then(() => `answer of ${endpoint}`);
    },
    identity: { current: async () => 'token 1' },
    repeats: { tries: 2, isSafe: ({ method }) => method === 'GET' },
    limitMs: 1_000, tryMs: 400, mostOpen: 10, clock, onEvent: (event) => events.push(event), ...options,
  });
}
async function serving(options: Partial<AmbassadorOptions<Call, string>> = {}): Promise<Ambassador<Call, string>> {
  const ambassador = make(options);
  await ambassador.start();
  return ambassador;
}
/** Lets time pass until the call has ended. */
async function ended<Result>(promise: Promise<Result>, withinMs = 2_000): Promise<{ value?: Result; error?: unknown; atMs: number }> {
  let end: { value?: Result; error?: unknown; atMs: number } | undefined;
  promise.then((value) => { end = { value, atMs: clock.now() }; }, (error: unknown) => { end = { error, atMs: clock.now() }; });
  for (let passed = 0; end === undefined && passed < withinMs; passed += 5) await clock.advance(5);
  if (end === undefined) throw new Error('the call has not ended');
  return end;
}
const local = (reason: string) => expect.objectContaining({ name: 'AmbassadorError', ambassador: 'supplier', reason });
const endpoints = (): string[] => sent.map(({ endpoint }) => endpoint);

describe('a call', () => {
  test('goes to the first endpoint of its route, with an identity that the client does not have', async () => {
    const supplier = await serving();
    expect(await ended(supplier.call(get()))).toMatchObject({ value: 'answer of a' });
    expect(sent).toMatchObject([{ endpoint: 'a', token: 'token 1' }]);
    expect(events).toContainEqual({ ambassador: 'supplier', atMs: expect.any(Number), type: 'try', endpoint: 'a', failed: false, tookMs: 10 });
    expect(clock.pending).toBe(0);
  });

  test('of a client that would wait for ever ends at the limit, and the remote call is told', async () => {
    ways = { a: hangs };
    const supplier = await serving({ repeats: 'client' });
    expect(await ended(supplier.call(get()))).toMatchObject({ error: local('too-late'), atMs: 1_000 });
    expect(sent[0]!.signal.aborted).toBe(true);
    expect(clock.pending).toBe(0);
  });

  test('that fails is tried once more, elsewhere, and only as often as was said', async () => {
    ways = { a: fails(20), b: fails(20, 'b is down') };
    const supplier = await serving();
    expect(await ended(supplier.call(get()))).toMatchObject({ error: new Error('b is down') });
    expect(endpoints()).toEqual(['a', 'b']);
  });

  test('that hangs leaves time for the second try, and that gets all that is left', async () => {
    ways = { a: hangs, b: () => clock.sleep(590).then(() => 'late, but in time') };
    const supplier = await serving();
    expect(await ended(supplier.call(get()))).toMatchObject({ value: 'late, but in time', atMs: 990 });
    expect(sent[0]!.signal.aborted).toBe(true);
    ways = { a: hangs, b: hangs };
    expect(await ended(supplier.call(get()))).toMatchObject({ error: local('too-late'), atMs: 1_990 });
  });

  test('that could take effect twice is tried once', async () => {
    ways = { a: fails(20, 'perhaps ordered') };
    const supplier = await serving();
    expect(await ended(supplier.call(post()))).toMatchObject({ error: new Error('perhaps ordered') });
    expect(endpoints()).toEqual(['a']);
  });

  test('of a client that repeats by itself is tried once each time: three repeats are three calls, not six', async () => {
    for (const [repeats, calls] of [['client', 3], [{ tries: 2, isSafe: () => true }, 6]] as const) {
      sent = [];
      ways = { a: fails(20), b: fails(20) };
      const supplier = await serving({ repeats });
      for (let attempt = 1; attempt <= 3; attempt += 1) await ended(supplier.call(get()));
      expect(sent.length, JSON.stringify(repeats)).toBe(calls);
    }
  });

  test('with one endpoint only is tried once', async () => {
    ways = { a: fails(20) };
    const supplier = await serving({ route: () => ['a'] });
    await ended(supplier.call(get()));
    expect(endpoints()).toEqual(['a']);
  });

  test('that fails at once, by a throw, is a failed try', async () => {
    const supplier = await serving({ send: () => { throw new Error('no socket'); } });
    expect(await ended(supplier.call(get()))).toMatchObject({ error: new Error('no socket') });
    expect(events.filter(({ type }) => type === 'try')).toMatchObject([{ endpoint: 'a', failed: true }, { endpoint: 'b', failed: true }]);
  });

  test('whose client goes away is given up everywhere, and not tried again', async () => {
    ways = { a: hangs };
    const supplier = await serving();
    const client = new AbortController();
    const call = supplier.call(get(), client.signal);
    call.catch(() => {});
    await clock.advance(100);
    const reason = new Error('the client hung up');
    client.abort(reason);
    await expect(call).rejects.toBe(reason);
    await clock.advance(1_000);
    expect([endpoints(), sent[0]!.signal.aborted, clock.pending]).toEqual([['a'], true, 0]);
  });

  test('whose client is gone before it begins is not sent', async () => {
    const supplier = await serving();
    await expect(supplier.call(get(), AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone');
    for (const repeats of ['client', { tries: 2, isSafe: () => true }] as const) {
      let tell: (token: string) => void = () => {};
      const waiting = make({ repeats, identity: { current: () => new Promise((resolve) => { tell = resolve; }) } });
      const starting = waiting.start();
      tell('token');
      await starting;
      const client = new AbortController();
      const call = waiting.call(get(), client.signal);
      client.abort(new Error('gone meanwhile'));
      tell('token');
      await expect(call).rejects.toThrow('gone meanwhile');
      await clock.advance(10);
      expect(sent).toEqual([]);
    }
  });

  test('to where no route leads is refused, so that the identity goes nowhere else', async () => {
    const supplier = await serving();
    expect(await ended(supplier.call(get('elsewhere/1')))).toMatchObject({ error: local('not-allowed') });
    expect([sent, events.at(-1)]).toEqual([[], expect.objectContaining({ type: 'refused', reason: 'not-allowed' })]);
  });

  test('beyond the most that may be open is refused at once; one that ended makes place', async () => {
    ways = { a: hangs };
    const supplier = await serving({ mostOpen: 1, repeats: 'client' });
    const first = ended(supplier.call(get()));
    expect(await supplier.call(get()).catch((error: unknown) => error)).toEqual(local('full'));
    expect((await first).error).toEqual(local('too-late'));
    ways = {};
    expect(await ended(supplier.call(get()))).toMatchObject({ value: 'answer of a' });
  });

  test('without an identity is not sent, and says so', async () => {
    const supplier = make({ identity: { current: async () => (clock.now() === 0 ? 'token' : Promise.reject(new Error('expired'))) } });
    await supplier.start();
    await clock.advance(1);
    const { error } = await ended(supplier.call(get()));
    expect(error).toEqual(local('no-identity'));
    expect([(error as AmbassadorError).cause, sent]).toEqual([new Error('expired'), []]);
  });

  test('that fails on the other side keeps the error of the other side', async () => {
    ways = { a: fails(1, '503 of the supplier'), b: fails(1, '503 of the supplier') };
    const { error } = await ended((await serving()).call(get()));
    expect(error).not.toBeInstanceOf(AmbassadorError);
  });
});

describe('the order of starting and stopping', () => {
  test('the client may start once there is an identity; before, calls are refused', async () => {
    let tell: (token: string) => void = () => {};
    const supplier = make({ identity: { current: () => new Promise((resolve) => { tell = resolve; }) } });
    const starting = supplier.start();
    expect(await supplier.call(get()).catch((error: unknown) => error)).toEqual(local('closed'));
    tell('token');
    await starting;
    expect(supplier.state).toBe('serving');
  });

  test('without an identity it does not start', async () => {
    const supplier = make({ identity: { current: () => Promise.reject(new Error('no role')) } });
    await expect(supplier.start()).rejects.toThrow('no role');
    expect(supplier.state).toBe('starting');
  });

  test('on the order to stop it takes new calls until the client has gone, and ends those that are open', async () => {
    const supplier = await serving();
    let leave: () => void = () => {};
    const stopping = supplier.stop(new Promise<void>((resolve) => { leave = resolve; }), 500);
    await clock.advance(1_000);
    expect(await ended(supplier.call(post('last words')))).toMatchObject({ value: 'answer of a' });
    const open = supplier.call(get());
    leave();
    await clock.advance(0);
    expect([supplier.state, await supplier.call(get()).catch((error: unknown) => error)]).toEqual(['draining', local('closed')]);
    expect(await ended(open)).toMatchObject({ value: 'answer of a' });
    await stopping;
    expect([supplier.state, clock.pending]).toEqual(['stopped', 0]);
    expect(events.filter(({ type }) => type === 'state')).toMatchObject([{ to: 'serving' }, { to: 'draining' }, { to: 'stopped' }]);
  });

  test('it waits for the last of several open calls', async () => {
    ways = { a: (signal) => clock.sleep(sent.length === 1 ? 50 : 300, signal).then(() => 'at last') };
    const supplier = await serving();
    const both = [ended(supplier.call(get())), ended(supplier.call(get()))];
    await clock.advance(0);
    const stopping = supplier.stop(Promise.resolve(), 500).then(() => clock.now());
    expect((await Promise.all(both)).map(({ value }) => value)).toEqual(['at last', 'at last']);
    expect(await stopping).toBe(300);
  });

  test('what does not end in time is cut off', async () => {
    ways = { a: hangs };
    const supplier = await serving({ limitMs: 10_000, repeats: 'client' });
    const open = ended(supplier.call(get()));
    const stopping = supplier.stop(Promise.resolve(), 500);
    expect(await open).toMatchObject({ error: local('closed'), atMs: 500 });
    await stopping;
    expect([sent[0]!.signal.aborted, clock.pending]).toEqual([true, 0]);
    expect(events.filter(({ type }) => type === 'refused')).toMatchObject([{ reason: 'closed', atMs: 500 }]);
  });

  test('it also ends when nobody can say whether the client has gone', async () => {
    const supplier = await serving();
    await supplier.stop(Promise.reject(new Error('no watch')), 500);
    expect(supplier.state).toBe('stopped');
  });

  test('with nothing open it stops at once, also before it served', async () => {
    const supplier = make();
    await supplier.stop(Promise.resolve(), 500);
    expect([supplier.state, clock.now()]).toEqual(['stopped', 0]);
    await supplier.start();
    expect(supplier.state).toBe('stopped');
  });
});

describe('the identity', () => {
  let asked: number;
  let answer: () => Promise<{ token: string; validMs: number }>;
  const identity = (): Identity => new Identity({ fetch: () => { asked += 1; return answer(); }, renewMs: 100, pauseMs: 30, clock });
  beforeEach(() => { asked = 0; answer = async () => ({ token: `token ${asked}`, validMs: 1_000 }); });

  test('is asked for once by many calls at the same time, and kept', async () => {
    answer = () => clock.sleep(50).then(() => ({ token: `token ${asked}`, validMs: 1_000 }));
    const own = identity();
    const all = Promise.all([own.current(), own.current(), own.current()]);
    await clock.advance(50);
    expect(await all).toEqual(['token 1', 'token 1', 'token 1']);
    await clock.advance(800);
    expect([await own.current(), asked]).toEqual(['token 1', 1]);
  });

  test('is renewed before it ends, and nobody waits for that', async () => {
    const own = identity();
    await own.current();
    await clock.advance(950);
    answer = () => clock.sleep(20).then(() => ({ token: 'token 2', validMs: 1_000 }));
    expect(await own.current()).toBe('token 1');
    expect(await own.current()).toBe('token 1');
    await clock.advance(20);
    expect([await own.current(), asked]).toEqual(['token 2', 2]);
  });

  test('that cannot be renewed is used to its end, and then missing', async () => {
    const own = identity();
    await own.current();
    answer = () => Promise.reject(new Error('the giver is down'));
    await clock.advance(950);
    expect(await own.current()).toBe('token 1');
    await clock.advance(49);
    expect(await own.current()).toBe('token 1');
    await clock.advance(1);
    await expect(own.current()).rejects.toThrow('the giver is down');
    answer = async () => ({ token: 'token 9', validMs: 1_000 });
    expect(await own.current()).toBe('token 9');
  });

  test('is asked for again only after a pause, when the giver is down', async () => {
    const own = identity();
    await own.current();
    answer = () => Promise.reject(new Error('the giver is down'));
    await clock.advance(900);
    for (let passed = 0; passed < 60; passed += 1) {
      expect(await own.current()).toBe('token 1');
      await clock.advance(1);
    }
    expect(asked).toBe(3);
    answer = async () => ({ token: `token ${asked}`, validMs: 1_000 });
    await own.current();
    await clock.advance(0);
    expect([await own.current(), asked]).toEqual(['token 4', 4]);
  });

  test('without a time that it lasts is none', async () => {
    for (const validMs of [Number.NaN, 0, -1]) {
      answer = async () => ({ token: 'token', validMs });
      await expect(identity().current()).rejects.toThrow(new RangeError(`validMs must be above 0: current value is ${validMs}`));
    }
  });

  test('lasts from the question, not from an answer that took long', async () => {
    answer = () => clock.sleep(600).then(() => ({ token: `token ${asked}`, validMs: 1_000 }));
    const own = identity();
    const first = own.current();
    await clock.advance(600);
    await first;
    await clock.advance(400);
    const second = own.current();
    await clock.advance(600);
    expect(await second).toBe('token 2');
  });
});

test('a limit begins nothing after its signal has aborted', async () => {
  let isBegun = false;
  await expect(within(100, async () => { isBegun = true; }, clock, AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone');
  expect([isBegun, clock.pending]).toEqual([false, 0]);
});

test('a limit leaves nothing behind at a signal that lives longer than the call', async () => {
  for (const work of [async () => 'well', () => Promise.reject(new Error('badly')), () => new Promise(() => {})]) {
    const { signal } = new AbortController();
    const [added, removed] = [vi.spyOn(signal, 'addEventListener'), vi.spyOn(signal, 'removeEventListener')];
    const ending = within<unknown>(100, work, clock, signal).catch(() => {});
    await clock.advance(100);
    await ending;
    expect([added.mock.calls.length, removed.mock.calls]).toEqual([1, added.mock.calls]);
  }
});

test('wrong options are refused', async () => {
  for (const [options, message] of [
    [{ limitMs: 0 }, 'limitMs must be a positive number: current value is 0'],
    [{ limitMs: Infinity }, 'limitMs must be a positive number: current value is Infinity'],
    [{ tryMs: Number.NaN }, 'tryMs must be above 0 and at most limitMs: current value is NaN'],
    [{ tryMs: 1_001 }, 'tryMs must be above 0 and at most limitMs: current value is 1001'],
    [{ mostOpen: 1.5 }, 'mostOpen must be a positive integer: current value is 1.5'],
    [{ repeats: { tries: 0, isSafe: () => true } }, 'tries must be a positive integer: current value is 0'],
  ] as const) expect(() => make(options)).toThrow(new RangeError(message));
  expect(() => new Identity({ fetch: async () => ({ token: '', validMs: 0 }), renewMs: -1 })).toThrow(new RangeError('renewMs must be a finite number of at least 0: current value is -1'));
  expect(() => new Identity({ fetch: async () => ({ token: '', validMs: 0 }), renewMs: 0, pauseMs: Number.NaN })).toThrow(new RangeError('pauseMs must be a finite number of at least 0: current value is NaN'));
});

test('without a clock and a listener the time of the system counts', async () => {
  const identity = new Identity({ fetch: async () => ({ token: 'token', validMs: 60_000 }), renewMs: 1_000 });
  const supplier = new Ambassador<Call, string>({ name: 'supplier', route: () => ['a'], send: async (endpoint, _call, token) => `${endpoint} ${token}`, identity, repeats: 'client', limitMs: 1_000, tryMs: 500, mostOpen: 1 });
  await supplier.start();
  expect(await supplier.call(get())).toBe('a token');
});
