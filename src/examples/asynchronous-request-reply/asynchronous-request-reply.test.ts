import { beforeEach, describe, expect, test } from 'vitest';
import { VirtualClock } from '../virtual-clock.ts';
import { JobApi } from './asynchronous-request-reply.ts';
import type { JobStore, Reply } from './asynchronous-request-reply.ts';
import { request } from './client.ts';
import type { Ask, Patience } from './client.ts';
import { MemoryJobs } from './memory-jobs.ts';
import { workOnce } from './worker.ts';
import type { Hands } from './worker.ts';

let clock: VirtualClock;
let jobs: MemoryJobs;
let api: JobApi;
const options = { places: 3, workers: 1, usualMs: 4_000, longestPollSeconds: 10, check: (input: unknown) => (input === 'nonsense' ? 'what is that?' : undefined) };
beforeEach(() => {
  clock = new VirtualClock();
  let last = 0;
  jobs = new MemoryJobs(clock, () => `j${(last += 1)}`);
  api = new JobApi(jobs, options);
});
const post = (key = 'k1', input: unknown = 'report', owner = 'ann') => api.post(owner, key, input);
const statusOf = async (id: string, owner = 'ann') => ((await api.get(owner, id)).body as { status: string }).status;
const work = (doing: (input: unknown, hands: Hands) => Promise<unknown> = async (input) => `${String(input)} done`, more = {}, store: JobStore = jobs) =>
  workOnce(store, doing, { leaseMs: 3_000, maxAttempts: 2, clock, onDone: (tookMs) => api.observe(tookMs), ...more });
const detail = ({ status, body }: Reply) => [status, (body as { detail: string }).detail];

describe('accepting', () => {
  test('answers at once with an address and a time', async () => {
    expect(await post()).toEqual({ status: 202, headers: { location: '/jobs/j1', 'retry-after': '4' }, body: { status: 'queued' } });
  });

  test('refuses what is wrong before anything is stored', async () => {
    expect([detail(await post('k1', 'nonsense')), detail(await api.post('ann', undefined, 'report'))]).toEqual([[400, 'what is that?'], [400, 'an Idempotency-Key is needed: without it a lost answer becomes a second job']]);
    expect(jobs.open).toBe(0);
  });

  test('the same key gets the same job, whatever became of it; another input under it is refused, another owner has keys of its own', async () => {
    await post();
    expect((await post()).headers['location']).toBe('/jobs/j1');
    await work();
    expect([(await post()).headers, (await post('k1', 'other')).status, (await post('k1', 'report', 'bob')).headers['location']]).toEqual([{ location: '/jobs/j1', 'retry-after': '1' }, 422, '/jobs/j2']);
  });

  test('when all places are taken it says so, with a time; a known job is still found', async () => {
    for (const key of ['k1', 'k2', 'k3']) await post(key);
    const full = await post('k4');
    expect([full.status, full.headers['retry-after'], (await post('k1')).status]).toEqual([503, '4', 202]);
    await work();
    expect((await post('k4')).status).toBe(202);
  });
});

describe('the status', () => {
  test('goes from queued over running to the address of the result', async () => {
    await post();
    expect(await api.get('ann', 'j1')).toEqual({ status: 200, headers: { 'retry-after': '4' }, body: { status: 'queued', progress: 0, ageMs: 0, quietMs: 0 } });
    await clock.advance(1_000);
    let finish = (): void => {};
    const working = work(async (_input, { progress }) => {
      progress(0.5);
      await new Promise<void>((resolve) => { finish = resolve; });
      return 'rows';
    });
    await clock.advance(1_000);
    expect((await api.get('ann', 'j1')).body).toEqual({ status: 'running', progress: 0.5, ageMs: 2_000, quietMs: 0 });
    expect((await api.result('ann', 'j1')).status).toBe(404);
    finish();
    await working;
    expect(await api.get('ann', 'j1')).toEqual({ status: 303, headers: { location: '/jobs/j1/result' } });
    expect(await api.result('ann', 'j1')).toEqual({ status: 200, headers: {}, body: 'rows' });
  });

  test('a job that failed is an answer, and no error of the request', async () => {
    await post();
    await work(() => Promise.reject(new Error('the table is gone')));
    expect(await api.get('ann', 'j1')).toMatchObject({ status: 200, headers: {}, body: { status: 'failed', error: 'the table is gone' } });
    await post('k2');
    await work(() => { throw 'text'; });
    expect(await api.get('ann', 'j2')).toMatchObject({ body: { status: 'failed', error: 'text' } });
  });

  test('another owner, and an address that never was, get the same answer', async () => {
    await post();
    for (const ask of [api.get, api.result, api.cancel].map((each) => each.bind(api))) {
      expect([detail(await ask('bob', 'j1')), detail(await ask('ann', 'j9'))]).toEqual([[404, 'no such job'], [404, 'no such job']]);
    }
    expect(await statusOf('j1')).toBe('queued');
  });

  test('tells to wait as long as the queue needs, follows what jobs really take, and stays within its bounds', async () => {
    const told = async (id: string) => (await api.get('ann', id)).headers['retry-after'];
    for (const key of ['k1', 'k2', 'k3']) await post(key);
    expect([await told('j1'), await told('j2'), await told('j3')]).toEqual(['4', '8', '10']);
    void work(() => new Promise(() => {}));
    await clock.advance(3_500);
    expect(await told('j1')).toBe('1');
    await clock.advance(20_500);
    expect(await told('j1')).toBe('6');
    for (let done = 0; done < 50; done += 1) api.observe(1_000);
    expect(await told('j2')).toBe('3');
  });
});

describe('cancelling', () => {
  test('a job that waits is never begun', async () => {
    await post();
    expect([(await api.cancel('ann', 'j1')).status, (await api.cancel('ann', 'j1')).status, await work(), await statusOf('j1')]).toEqual([204, 204, false, 'cancelled']);
    expect((await api.get('ann', 'j1')).headers).toEqual({});
  });

  test('a worker hears of it at its next sign of life, and what it finishes all the same does not count', async () => {
    await post();
    let hands: Hands | undefined;
    let finish = (): void => {};
    const working = work(async (_input, given) => {
      hands = given;
      await new Promise<void>((resolve) => { finish = resolve; });
    });
    await clock.advance(500);
    await api.cancel('ann', 'j1');
    await clock.advance(499);
    expect(hands?.signal.aborted).toBe(false);
    await clock.advance(1);
    expect(hands?.signal.reason).toMatchObject({ name: 'JobWithdrawnError', message: 'job j1 was cancelled or given to another worker' });
    finish();
    await working;
    expect([await statusOf('j1'), clock.pending]).toEqual(['cancelled', 0]);
  });

  test('comes too late for a job that has ended', async () => {
    await post();
    await work();
    expect(detail(await api.cancel('ann', 'j1'))).toEqual([409, 'the job has ended already']);
  });
});

describe('workers', () => {
  test('a slow worker keeps its job, one that is silent loses it', async () => {
    await post();
    let finish = (): void => {};
    const slow = work(() => new Promise<void>((resolve) => { finish = resolve; }));
    await clock.advance(60_000);
    expect(await work()).toBe(false);
    finish();
    await slow;
    await post('k2');
    await jobs.take(3_000);
    await clock.advance(2_999);
    expect(await work()).toBe(false);
    await clock.advance(1);
    expect([await work(), (await api.get('ann', 'j2')).status]).toEqual([true, 303]);
  });

  test('a worker that comes back after it was thought dead changes nothing', async () => {
    await post();
    const first = (await jobs.take(1_000))!;
    await clock.advance(1_000);
    const second = (await jobs.take(1_000))!;
    expect([await jobs.finish(first, 'succeeded', 'old'), await jobs.renew(first, 1_000, 1), await jobs.finish(second, 'succeeded', 'new')]).toEqual([false, false, true]);
    expect((await api.result('ann', 'j1')).body).toBe('new');
  });

  test('a job that kills its workers fails after a few of them', async () => {
    await post();
    for (let died = 0; died < 2; died += 1) {
      await jobs.take(1_000);
      await clock.advance(1_000);
    }
    let isBegun = false;
    expect(await work(async () => { isBegun = true; })).toBe(true);
    expect([isBegun, (await api.get('ann', 'j1')).body]).toMatchObject([false, { status: 'failed', error: 'no worker has survived it in 2 attempts' }]);
  });

  test('a store that cannot be asked for a moment takes no job away', async () => {
    await post();
    let isDown = true;
    const flaky = new Proxy(jobs, { get: (target, name) => (isDown && name === 'renew' ? () => Promise.reject(new Error('down')) : (target as never as Record<PropertyKey, () => unknown>)[name]!.bind(target)) });
    let finish = (): void => {};
    let signal: AbortSignal | undefined;
    const working = work((_input, hands) => { signal = hands.signal; return new Promise<void>((resolve) => { finish = resolve; }); }, {}, flaky);
    await clock.advance(1_500);
    isDown = false;
    await clock.advance(10_000);
    expect([signal?.aborted, await work()]).toEqual([false, false]);
    finish();
    await working;
    expect((await api.get('ann', 'j1')).status).toBe(303);
  });

  test('work whose end could not be stored has not failed: it is done again', async () => {
    await post();
    const broken = new Proxy(jobs, { get: (target, name) => (name === 'finish' ? () => Promise.reject(new Error('down')) : (target as never as Record<PropertyKey, () => unknown>)[name]!.bind(target)) });
    await expect(work(undefined, {}, broken)).rejects.toThrow('down');
    expect([await statusOf('j1'), clock.pending]).toEqual(['running', 0]);
    await clock.advance(3_000);
    await work();
    expect((await api.get('ann', 'j1')).status).toBe(303);
  });

  test('takes nothing where nothing waits, and refuses options that make no sense', async () => {
    expect(await workOnce(jobs, async () => {}, { leaseMs: 1_000, maxAttempts: 1 })).toBe(false);
    for (const name of ['leaseMs', 'maxAttempts']) await expect(work(undefined, { [name]: 0 })).rejects.toThrow(`${name} must be above 0 and finite: current value is 0`);
    for (const name of ['places', 'workers', 'usualMs', 'longestPollSeconds']) expect(() => new JobApi(jobs, { ...options, [name]: Number.NaN })).toThrow(`${name} must be above 0 and finite: current value is NaN`);
    const plain = new JobApi(jobs, { places: 1, workers: 1, usualMs: 1, longestPollSeconds: 1 });
    expect((await plain.post('ann', 'k', 'nonsense')).status).toBe(202);
    await workOnce(jobs, async () => {}, { leaseMs: 1_000, maxAttempts: 1 });
    expect((await plain.get('ann', 'j1')).status).toBe(303);
  });
});

describe('expiry', () => {
  test('a result is kept for a while, then its address says that it is gone, and in the end nothing is known', async () => {
    await post();
    await work();
    await post('k2');
    await clock.advance(999);
    await jobs.sweep(1_000, 5_000);
    expect((await api.result('ann', 'j1')).status).toBe(200);
    await clock.advance(1);
    await jobs.sweep(1_000, 5_000);
    expect([detail(await api.get('ann', 'j1')), detail(await api.result('ann', 'j1')), (await jobs.find('j1'))?.outcome]).toEqual([[410, 'the result was kept for a while, and is gone'], [410, 'the result was kept for a while, and is gone'], null]);
    await clock.advance(4_000);
    await jobs.sweep(1_000, 5_000);
    expect([(await api.get('ann', 'j1')).status, (await post()).headers['location'], await statusOf('j2')]).toEqual([404, '/jobs/j3', 'queued']);
  });

  test('a job that failed keeps its reason until it is forgotten', async () => {
    await post();
    await work(() => Promise.reject(new Error('why')));
    await clock.advance(4_999);
    await jobs.sweep(1_000, 5_000);
    expect(await statusOf('j1')).toBe('failed');
    expect(await jobs.cancel('j9')).toBe(false);
  });
});

describe('the caller', () => {
  let asked: { at: number; method: string; path: string }[];
  let answers: (Reply | Error | undefined)[];
  /** Answers in turn what is planned, and where nothing is planned, what the server says. */
  const ask: Ask = async (method, path, send) => {
    asked.push({ at: clock.now(), method, path });
    const planned = answers.shift();
    const [, id = '', part] = path.split('/').slice(1);
    const real = planned !== undefined && !(planned instanceof Error) ? planned
      : method === 'POST' ? await api.post('ann', send?.key, send?.input)
        : part === 'result' ? await api.result('ann', id) : await api.get('ann', id);
    if (planned instanceof Error) throw planned;
    return real;
  };
  const call = (more: Partial<Patience> = {}) => request(ask, '/jobs', 'k1', 'report', { giveUpMs: 60_000, clock, random: () => 0, ...more });
  const times = () => asked.map(({ at }) => at);
  beforeEach(() => {
    [asked, answers] = [[], []];
  });
  const reply = (status: number, headers: Record<string, string> = {}, body: unknown = {}): Reply => ({ status, headers, body });

  test('waits as long as it is told, asks, and fetches the result', async () => {
    const result = call();
    await clock.advance(3_000);
    await work();
    await clock.advance(1_000);
    expect([await result, asked.map(({ method, path }) => `${method} ${path}`), times()]).toEqual(['report done', ['POST /jobs', 'GET /jobs/j1', 'GET /jobs/j1/result'], [0, 4_000, 4_000]]);
  });

  test('a lost answer does not start a second job', async () => {
    answers = [new Error('connection reset'), new Error('connection reset')];
    const result = call();
    await clock.advance(700);
    await work();
    await clock.advance(5_000);
    expect([await result, asked.filter(({ method }) => method === 'POST').length, await jobs.find('j2')]).toEqual(['report done', 3, undefined]);
  });

  test('where no time is named it waits longer each time, with jitter, up to a bound', async () => {
    answers = [reply(202, { location: '/jobs/j1' }), ...Array.from({ length: 5 }, () => reply(200, {}, { status: 'running' })), reply(303, { location: '/r' }), reply(200, {}, 'rows')];
    const result = call({ firstMs: 1_000, longestMs: 4_000, random: () => 0.5 });
    await clock.advance(30_000);
    expect([await result, times()]).toEqual(['rows', [0, 750, 2_250, 5_250, 8_250, 11_250, 14_250, 14_250]]);
  });

  test('the time that the server names is the least, with a spread on top; what is no number of seconds counts as none', async () => {
    answers = [reply(202, { location: '/jobs/j1', 'retry-after': '5' }), reply(200, { 'retry-after': 'Fri, 31 Dec 1999 23:59:59 GMT' }), reply(200, { 'retry-after': '-5' }), reply(303, { location: '/r' }), reply(200, {}, 'rows')];
    const result = call({ firstMs: 1_000, random: () => 1 });
    await clock.advance(30_000);
    expect([await result, times()]).toEqual(['rows', [0, 6_000, 7_000, 9_000, 9_000]]);
  });

  test('busy and broken servers are asked again, also for the result', async () => {
    answers = [reply(503, { 'retry-after': '2' }), reply(202, { location: '/jobs/j1', 'retry-after': '1' }), reply(429, { 'retry-after': '3' }), reply(500), reply(303, { location: '/r' }), reply(502), reply(200, {}, 'rows')];
    const result = call();
    await clock.advance(30_000);
    expect([await result, asked.map(({ path }) => path)]).toEqual(['rows', ['/jobs', '/jobs', '/jobs/j1', '/jobs/j1', '/jobs/j1', '/r', '/r']]);
  });

  test('a status that answers 202 without an address is asked again where it was', async () => {
    answers = [reply(202, { location: '/jobs/j1', 'retry-after': '1' }), reply(202, { 'retry-after': '1' }), reply(303, { location: '/r' }), reply(200, {}, 'rows')];
    const result = call();
    await clock.advance(5_000);
    expect([await result, asked.map(({ method, path }) => `${method} ${path}`)]).toEqual(['rows', ['POST /jobs', 'GET /jobs/j1', 'GET /jobs/j1', 'GET /r']]);
  });

  test('a server that is done at once may say so', async () => {
    answers = [reply(200, {}, 'rows')];
    expect(await call()).toBe('rows');
  });

  test('each end has its error, and nobody asks after it', async () => {
    const accepted = reply(202, { location: '/jobs/j1', 'retry-after': '1' });
    for (const [planned, name, message] of [
      [[reply(400, {}, { detail: 'no' })], 'RequestRefusedError', '400: no'],
      [[reply(404, {}, undefined)], 'RequestRefusedError', '404: '],
      [[accepted, reply(303)], 'RequestRefusedError', '303: '],
      [[accepted, reply(303, { location: '/r' }), reply(303, { location: '/r' })], 'RequestRefusedError', '303: '],
      [[accepted, reply(404, {}, { detail: 'no such job' })], 'JobUnknownError', '/jobs/j1: no such job'],
      [[accepted, reply(410, {}, { detail: 'gone' })], 'ResultExpiredError', 'gone'],
      [[accepted, reply(200, {}, { status: 'failed', error: 'why' })], 'JobFailedError', 'why'],
      [[accepted, reply(200, {}, { status: 'cancelled' })], 'JobCancelledError', '/jobs/j1 was cancelled'],
      [[accepted, reply(303, { location: '/r' }), reply(410, {}, { detail: 'gone' })], 'ResultExpiredError', 'gone'],
    ] as const) {
      answers = [...planned];
      const ended = expect(call()).rejects.toMatchObject({ name, message });
      await clock.advance(2_000);
      await ended;
      expect(clock.pending).toBe(0);
    }
  });

  test('gives up at once when the next time lies behind its patience, and says where the result will be', async () => {
    const ended = expect(call({ giveUpMs: 3_999 })).rejects.toMatchObject({ name: 'PatienceOverError', location: '/jobs/j1', message: 'no result after 0 ms; the job goes on at /jobs/j1' });
    await clock.advance(0);
    await ended;
    answers = [reply(503, { 'retry-after': '9' })];
    await expect(call({ giveUpMs: 5_000 })).rejects.toMatchObject({ location: undefined, message: 'no result after 0 ms; the job was not accepted yet' });
    expect([clock.pending, await statusOf('j1')]).toEqual([0, 'queued']);
  });

  test('a caller who is told to stop asks no more; the job goes on', async () => {
    const stop = new AbortController();
    const ended = expect(call({ signal: stop.signal })).rejects.toThrow('closed the tab');
    await clock.advance(1_000);
    stop.abort(new Error('closed the tab'));
    await ended;
    await expect(call({ signal: stop.signal })).rejects.toThrow('closed the tab');
    expect([asked.length, clock.pending, await work()]).toEqual([1, 0, true]);
  });

  test('refuses options that make no sense, and has a clock and chance of its own', async () => {
    for (const name of ['giveUpMs', 'firstMs', 'longestMs']) await expect(call({ [name]: 0 })).rejects.toThrow(`${name} must be above 0 and finite: current value is 0`);
    answers = [reply(200, {}, 'rows')];
    expect(await request(ask, '/jobs', 'k1', 'report', { giveUpMs: 1_000 })).toBe('rows');
  });
});
