import { describe, expect, test } from 'vitest';
import { VirtualClock } from '../virtual-clock.ts';
import { MessageRefusedError } from './contract.ts';
import { MemoryQueue } from './memory-queue.ts';
import { work } from './steady-worker.ts';
import type { Handle, SteadyWorkerOptions, WorkerEvent } from './steady-worker.ts';

/** Ten a second, two at a time. */
function setUp(handle: Handle<number>, options: Partial<SteadyWorkerOptions> = {}) {
  const clock = new VirtualClock();
  const store = new MemoryQueue<number>(clock);
  const events: WorkerEvent[] = [];
  const stop = new AbortController();
  const ended = work(store, handle, stop.signal, { parallel: 2, perSecond: 10, clock, onEvent: (event) => events.push(event), ...options });
  const fill = async (count: number): Promise<void> => {
    for (let message = 1; message <= count; message++) await store.put(`order ${message}`, message, Infinity);
  };
  const told = (...types: WorkerEvent['type'][]) => events.filter(({ type }) => types.includes(type));
  return { clock, store, events, stop, ended, fill, told };
}

describe('pace', () => {
  test('a pile of messages is begun one by one, evenly, and no faster after an idle hour', async () => {
    const begun: number[] = [];
    const { clock, fill } = setUp(async () => void begun.push(clock.now()));
    await clock.advance(3_600_000);
    await fill(30);
    await clock.advance(5_000);
    expect(begun).toHaveLength(30);
    const gaps = begun.slice(1).map((atMs, at) => atMs - (begun[at] ?? 0));
    expect(new Set(gaps)).toEqual(new Set([100]));
  });

  test('never more at the same time than it may, however slow the handler is', async () => {
    let [running, most] = [0, 0];
    const { clock, fill, store } = setUp(async () => {
      running += 1;
      most = Math.max(most, running);
      await clock.sleep(700);
      running -= 1;
    });
    await fill(20);
    await clock.advance(20_000);
    expect([most, running, await store.backlog()]).toEqual([2, 0, { waiting: 0, oldestMs: 0 }]);
    expect(clock.pending).toBe(1);
  });

  test('looks at an empty queue only now and then', async () => {
    let looks = 0;
    const clock = new VirtualClock();
    const stop = new AbortController();
    const store = new MemoryQueue<number>(clock);
    const take = store.take.bind(store);
    store.take = (leaseMs) => {
      looks += 1;
      return take(leaseMs);
    };
    const ended = work(store, async () => {}, stop.signal, { parallel: 1, perSecond: 1_000, pollMs: 500, clock });
    await clock.advance(4_900);
    expect(looks).toBe(10);
    stop.abort();
    await ended;
    expect(clock.pending).toBe(0);
  });
});

describe('hand-over', () => {
  test('a message is gone after the work, and not before', async () => {
    const { clock, store, fill, events } = setUp(() => clock.sleep(400));
    await fill(1);
    await clock.advance(1_399);
    expect(await store.backlog()).toMatchObject({ waiting: 1 });
    await clock.advance(1);
    expect(await store.backlog()).toMatchObject({ waiting: 0 });
    expect(events).toEqual([{ type: 'taken', id: 'order 1', deliveries: 1, ageMs: 1_000 }, { type: 'done', id: 'order 1', deliveries: 1, ageMs: 1_000 }]);
  });

  test('a failure gives it back, later each time, and sets it aside after the last delivery', async () => {
    const triedMs: number[] = [];
    const { clock, store, fill, told } = setUp(async () => {
      triedMs.push(clock.now());
      throw new Error('warehouse is down');
    }, { maxDeliveries: 3, retryMs: 1_000, pollMs: 100 });
    await fill(1);
    await clock.advance(60_000);
    expect(triedMs.map((atMs) => atMs - (triedMs[0] ?? 0))).toEqual([0, 1_000, 3_000]);
    expect(store.reasons).toEqual(new Map([['order 1', 'Error: warehouse is down']]));
    expect(told('failed', 'set aside').map(({ type }) => type)).toEqual(['failed', 'failed', 'set aside']);
  });

  test('others go on while one waits for its next try', async () => {
    const done: number[] = [];
    const { clock, fill } = setUp(async ({ body, deliveries }) => {
      if (body === 1 && deliveries === 1) throw new Error('busy');
      done.push(body);
    }, { retryMs: 1_000, pollMs: 50 });
    await fill(3);
    await clock.advance(5_000);
    expect(done).toEqual([2, 3, 1]);
  });

  test('what can never be done is set aside at once', async () => {
    const { clock, store, fill } = setUp(async () => { throw new MessageRefusedError('no such product'); });
    await fill(1);
    await clock.advance(1_500);
    expect([...store.reasons.values()]).toEqual(['MessageRefusedError: no such product']);
  });

  test('a handler that throws at once, and not by a promise, is a failure too', async () => {
    const { clock, fill, told } = setUp(() => { throw new Error('at once'); });
    await fill(1);
    await clock.advance(1_500);
    expect(told('failed')).toMatchObject([{ reason: 'Error: at once' }]);
  });

  test('a message of which the workers die is set aside without being worked on again', async () => {
    const worked: string[] = [];
    const { clock, store, fill } = setUp(async ({ id }) => void worked.push(id), { maxDeliveries: 2, pollMs: 100_000 });
    await fill(1);
    for (let death = 0; death < 2; death++) {
      await store.take(10);
      await clock.advance(10);
    }
    await clock.advance(200_000);
    expect([worked, store.reasons]).toEqual([[], new Map([['order 1', 'no worker survived it']])]);
  });

  test('a handler without an end is aborted before its lease is over, and the message comes again', async () => {
    const aborted: unknown[] = [];
    const { clock, fill, told } = setUp(({ deliveries }, signal) => {
      signal.addEventListener('abort', () => aborted.push(signal.reason));
      return deliveries === 1 ? new Promise(() => {}) : Promise.resolve();
    }, { leaseMs: 1_000, retryMs: 10, pollMs: 10 });
    await fill(1);
    await clock.advance(5_000);
    expect(aborted).toMatchObject([{ name: 'HandlerTimeoutError', message: 'no end after 900 ms' }]);
    expect(told('failed')).toEqual([{ type: 'failed', id: 'order 1', deliveries: 1, reason: 'HandlerTimeoutError: no end after 900 ms' }]);
    expect(told('done')).toMatchObject([{ deliveries: 2 }]);
  });

  test('a handler that goes on after its limit keeps its place, so that no more run than may', async () => {
    const ends: (() => void)[] = [];
    let [running, most] = [0, 0];
    const { clock, store, fill, stop, ended } = setUp(async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise<void>((resolve) => ends.push(resolve));
      running -= 1;
    }, { leaseMs: 1_000, retryMs: 10, pollMs: 10, maxDeliveries: 100 });
    await fill(5);
    await clock.advance(60_000);
    expect([ends.length, most]).toEqual([2, 2]);
    store.giveBack = () => Promise.reject(new Error('connection reset'));
    ends[0]?.();
    await clock.advance(5_000);
    expect([ends.length, most]).toEqual([3, 2]);
    stop.abort();
    let hasEnded = false;
    void ended.then(() => { hasEnded = true; });
    await clock.advance(5_000);
    expect(hasEnded).toBe(false);
    for (const end of ends) end();
    await ended;
    expect([running, clock.pending]).toEqual([0, 0]);
  });

  test('a worker that comes back too late says so, and what another did stays done', async () => {
    const { clock, store, fill, told } = setUp(async () => {}, { parallel: 1, perSecond: 10 });
    const { promise: slow, resolve: goOn } = Promise.withResolvers<void>();
    const remove = store.remove.bind(store);
    store.remove = async (taken) => {
      if (taken.deliveries === 1) await slow;
      return remove(taken);
    };
    await fill(1);
    await clock.advance(1_000);
    await clock.advance(40_000); // the lease is over
    const second = await store.take(1_000);
    expect(second?.deliveries).toBe(2);
    goOn();
    await clock.advance(1);
    expect(told('late', 'done')).toEqual([{ type: 'late', id: 'order 1', deliveries: 1 }]);
    expect(second !== undefined && await remove(second)).toBe(true);
  });

  test('a failure that comes back too late does not give away what another has', async () => {
    const { clock, store, fill, told } = setUp(() => Promise.reject(new Error('late')));
    store.giveBack = async () => false;
    await fill(1);
    await clock.advance(1_100);
    expect(told('late', 'failed')).toEqual([{ type: 'late', id: 'order 1', deliveries: 1 }]);
  });
});

describe('trouble', () => {
  test('a store that is away is asked again after a pause, and what was in hand comes again', async () => {
    const { clock, store, fill, told } = setUp(async () => {}, { pollMs: 500, leaseMs: 2_000 });
    await fill(1);
    const [take, remove] = [store.take.bind(store), store.remove.bind(store)];
    store.take = () => Promise.reject(new Error('connection refused'));
    await clock.advance(2_000);
    expect(told('error').length).toBeGreaterThanOrEqual(3);
    expect(told('error').length).toBeLessThanOrEqual(5);
    store.take = take;
    store.remove = () => Promise.reject(new Error('connection reset'));
    await clock.advance(1_000);
    expect(told('error').at(-1)).toEqual({ type: 'error', error: new Error('connection reset') });
    store.remove = remove;
    await clock.advance(5_000);
    expect(told('done')).toMatchObject([{ deliveries: 2 }]);
  });

  test('stops by taking nothing more, and ends when what is in hand has ended', async () => {
    const done: string[] = [];
    const { clock, store, fill, stop, ended } = setUp(async ({ id }) => {
      await clock.sleep(500);
      done.push(id);
    });
    let hasEnded = false;
    void ended.then(() => { hasEnded = true; });
    await fill(5);
    await clock.advance(1_100);
    stop.abort();
    await clock.advance(300);
    expect(hasEnded).toBe(false);
    await clock.advance(5_000);
    await ended;
    expect(done).toEqual(['order 1', 'order 2']);
    expect([(await store.backlog()).waiting, clock.pending]).toEqual([3, 0]);
  });

  test('has the system clock where nothing else is said, and needs nobody to tell', async () => {
    const stop = new AbortController();
    const store = new MemoryQueue<number>(new VirtualClock());
    await store.put('order 1', 1, 1);
    await work(store, async () => stop.abort(), stop.signal, { parallel: 1, perSecond: 1 });
    expect(await store.backlog()).toMatchObject({ waiting: 0 });
    await store.put('order 2', 2, 1);
    const again = new AbortController();
    await work(store, async () => {
      again.abort();
      throw new Error('failed');
    }, again.signal, { parallel: 1, perSecond: 1 });
    expect(await store.backlog()).toMatchObject({ waiting: 1 });
  });

  test('refuses options that make no sense', async () => {
    const start = (options: Partial<SteadyWorkerOptions>): Promise<void> => work(new MemoryQueue<number>(new VirtualClock()), async () => {}, AbortSignal.abort(), { parallel: 1, perSecond: 1, ...options });
    for (const name of ['parallel', 'maxDeliveries'] as const) for (const value of [0, 1.5, Infinity]) await expect(start({ [name]: value })).rejects.toEqual(new RangeError(`${name} must be a positive integer: current value is ${value}`));
    for (const perSecond of [0, Number.NaN, Infinity]) await expect(start({ perSecond })).rejects.toEqual(new RangeError(`perSecond must be a positive number: current value is ${perSecond}`));
    for (const name of ['leaseMs', 'retryMs', 'pollMs'] as const) for (const value of [0, Number.NaN, 2 ** 31]) await expect(start({ [name]: value })).rejects.toEqual(new RangeError(`${name} must be above 0 and below 2147483648: current value is ${value}`));
  });
});
