import { describe, expect, test } from 'vitest';
import { VirtualClock } from '../virtual-clock.ts';
import { CacheAside } from './cache-aside.ts';
import type { CacheAsideEvent, CacheAsideOptions, SharedCache } from './cache-aside.ts';
import { MemoryCache } from './memory-cache.ts';
import { UnguardedCacheAside } from './unguarded.ts';
import type { PlainCache } from './unguarded.ts';

/** Waits for its turn, then acts. */
type Step = <Result>(action: () => Promise<Result>) => Promise<Result>;
interface Run { clock: VirtualClock; actors: ((step: Step) => Promise<unknown>)[]; atEnd: () => Promise<void> }

/** Runs the actors anew until each order has been seen in which their steps can come. Time passes where nobody can act. */
async function everyOrder(start: () => Run): Promise<void> {
  for (let plan: number[] | undefined = []; plan !== undefined;) {
    const { clock, actors, atEnd } = start();
    const turns = new Map<number, () => void>();
    const taken: { choice: number; of: number }[] = [];
    let running = actors.length;
    for (const [index, actor] of actors.entries()) void actor((action) => new Promise<void>((go) => turns.set(index, go)).then(action)).finally(() => { running -= 1; });
    while (running > 0) {
      await clock.advance(turns.size === 0 ? 50 : 0);
      const ready = [...turns.keys()].sort();
      const choice = plan[taken.length] ?? 0;
      const actor = ready[choice];
      if (actor === undefined) continue;
      taken.push({ choice, of: ready.length });
      const go = turns.get(actor);
      turns.delete(actor);
      go?.();
      await clock.advance(0);
    }
    await atEnd();
    while (taken.length > 0 && taken.at(-1)!.choice + 1 === taken.at(-1)!.of) taken.pop();
    const last: { choice: number; of: number } | undefined = taken.pop();
    plan = last === undefined ? undefined : [...taken.map((each) => each.choice), last.choice + 1];
  }
}

function plainCache<Value = string>(): PlainCache<Value> {
  const values = new Map<string, { value: Value }>();
  return {
    get: async (key) => values.get(key),
    set: async (key, value) => void values.set(key, { value }),
    delete: async (key) => void values.delete(key),
  };
}

/** Instances of catalogue that share a cache; the owner answers after 100 ms with what was in it when it was asked. */
function setUp(options: Partial<CacheAsideOptions<string>> = {}) {
  const clock = new VirtualClock();
  const cache = new MemoryCache<string>(clock, 1_000);
  const rows = new Map([['tea', 'tea at 3']]);
  const events: CacheAsideEvent[] = [];
  const loads: string[] = [];
  const load = async (key: string, signal: AbortSignal): Promise<string | undefined> => {
    loads.push(key);
    const row = rows.get(key);
    await clock.sleep(100, signal);
    return row;
  };
  const instance = (): CacheAside<string> => new CacheAside({ name: 'products', cache, load, ttlMs: 60_000, jitter: 0, clock, random: () => 0.5, onEvent: (event) => events.push(event), ...options });
  const write = (row: string) => async (): Promise<void> => void rows.set('tea', row);
  return { clock, cache, rows, loads, events, instance, write, products: instance(), happened: () => events.map(({ type }) => type) };
}

/** Lets time go by until the promise is settled. */
async function after<Result>(clock: VirtualClock, ms: number, promise: Promise<Result>): Promise<Result> {
  promise.catch(() => {});
  await clock.advance(ms);
  return promise;
}

describe('reading', () => {
  test('asks the owner once, then the cache until the lifetime is over', async () => {
    const { clock, loads, products } = setUp();
    expect(await after(clock, 100, products.get('tea'))).toBe('tea at 3');
    await clock.advance(59_999);
    expect(await products.get('tea')).toBe('tea at 3');
    expect(loads).toHaveLength(1);
    await clock.advance(1);
    await after(clock, 100, products.get('tea'));
    expect(loads).toHaveLength(2);
  });

  test('remembers what does not exist, for a shorter time', async () => {
    const { clock, loads, products } = setUp({ absentMs: 5_000 });
    expect(await after(clock, 100, products.get('unicorn'))).toBeUndefined();
    await clock.advance(4_999);
    expect(await products.get('unicorn')).toBeUndefined();
    expect(loads).toHaveLength(1);
    await clock.advance(1);
    await after(clock, 100, products.get('unicorn'));
    expect(loads).toHaveLength(2);
  });

  test('"not there" is forgotten when it comes to be', async () => {
    const { clock, rows, products } = setUp();
    await after(clock, 100, products.get('mate'));
    await products.write('mate', async () => rows.set('mate', 'mate at 4'));
    expect(await after(clock, 100, products.get('mate'))).toBe('mate at 4');
  });

  test('what was loaded together ends apart, and nothing lives longer than agreed', async () => {
    let draws = 0;
    const lifetimes: number[] = [];
    const { clock, products } = setUp({ ttlMs: 10_000, jitter: 0.2, load: async () => 'tea at 3', random: () => (draws++ % 100) / 100, onEvent: (event) => { if (event.type === 'kept') lifetimes.push(event.ttlMs); } });
    await after(clock, 100, Promise.all(Array.from({ length: 100 }, (_, key) => products.get(`product ${key}`))));
    expect([Math.min(...lifetimes), Math.max(...lifetimes)].map(Math.round)).toEqual([8_020, 10_000]);
    expect(new Set(lifetimes).size).toBe(100);
  });

  test('an error is passed on and never kept', async () => {
    let calls = 0;
    const { clock, products, happened } = setUp({ load: async () => { if (calls++ === 0) throw new Error('too many connections'); return 'tea at 3'; } });
    await expect(products.get('tea')).rejects.toEqual(new Error('too many connections'));
    expect(await after(clock, 0, products.get('tea'))).toBe('tea at 3');
    expect(happened()).toEqual(['load failed', 'loaded', 'kept']);
  });

  test('a throw of the load that comes at once is an error like any other', async () => {
    const { products } = setUp({ load: () => { throw new Error('no such table'); } });
    await expect(products.get('tea')).rejects.toEqual(new Error('no such table'));
  });
});

describe('a stampede', () => {
  test('a hundred callers in five instances make one load, and all get its value', async () => {
    const { clock, loads, instance } = setUp();
    const instances = Array.from({ length: 5 }, instance);
    const all = Promise.all(Array.from({ length: 100 }, (_, caller) => instances[caller % 5]?.get('tea')));
    expect(new Set(await after(clock, 200, all))).toEqual(new Set(['tea at 3']));
    expect(loads).toHaveLength(1);
    expect(clock.pending).toBe(0);
  });

  test('unguarded, each of them loads', async () => {
    const { clock, loads } = setUp();
    const products = new UnguardedCacheAside(plainCache(), async (key) => { loads.push(key); await clock.sleep(100); return 'tea at 3'; }, 60_000);
    await after(clock, 200, Promise.all(Array.from({ length: 100 }, () => products.get('tea'))));
    expect(await products.get('tea')).toBe('tea at 3');
    expect(loads).toHaveLength(100);
  });

  test('when the one who loads fails, the next of those who wait tries', async () => {
    let calls = 0;
    const { clock, products } = setUp({ load: async () => { await clock.sleep(100); if (calls++ === 0) throw new Error('reset'); return 'tea at 3'; } });
    const first = products.get('tea');
    const others = Promise.all([products.get('tea'), products.get('tea')]);
    await expect(after(clock, 100, first)).rejects.toEqual(new Error('reset'));
    expect(await after(clock, 200, others)).toEqual(['tea at 3', 'tea at 3']);
    expect(calls).toBe(2);
  });

  test('when the one who loads dies, the next takes over at the end of the lease, and the others go on waiting', async () => {
    const { clock, cache, loads, products } = setUp({ leaseMs: 500, patienceMs: 1_000 });
    await cache.look('tea', 500); // and never heard of again
    const others = Promise.all([products.get('tea'), products.get('tea'), products.get('tea')]);
    await clock.advance(499);
    expect(loads).toHaveLength(0);
    expect(await after(clock, 300, others)).toEqual(['tea at 3', 'tea at 3', 'tea at 3']);
    expect(loads).toHaveLength(1);
  });

  test('a lease lasts as long as was said', async () => {
    const { clock, cache, products } = setUp({ leaseMs: 500, load: () => new Promise(() => {}) });
    void products.get('tea');
    await clock.advance(499);
    expect(await cache.look('tea', 1)).toEqual({ state: 'busy' });
    await clock.advance(1);
    expect(await cache.look('tea', 1)).toMatchObject({ state: 'leased' });
  });

  test('those who wait look again at uneven times', async () => {
    const looksMs: number[] = [];
    const draws = [0, 0.75];
    const { clock, products } = setUp({ leaseMs: 40, patienceMs: 50, pauseMs: 20, random: () => draws.shift() ?? 0.5, cache: {
      look: async () => { looksMs.push(clock.now()); return { state: 'busy' }; }, keep: expect.fail, release: expect.fail, forget: expect.fail,
    } });
    await after(clock, 200, products.get('tea'));
    expect(looksMs).toEqual([0, 10, 35, 55]);
  });

  test('whoever has waited long enough asks the owner, and leaves the cache alone', async () => {
    const { clock, cache, products, events } = setUp({ leaseMs: 10_000, patienceMs: 300 });
    await cache.look('tea', 10_000);
    expect(await after(clock, 500, products.get('tea'))).toBe('tea at 3');
    expect(events).toEqual([{ cache: 'products', key: 'tea', atMs: 400, type: 'loaded', as: 'impatient', durationMs: 100 }]);
    expect(await cache.look('tea', 1)).toEqual({ state: 'busy' });
  });

  test('whoever goes away gives the lease back, or stops waiting; timers go too', async () => {
    const { clock, cache, products } = setUp();
    const leaving = new AbortController();
    const both = [products.get('tea', leaving.signal), products.get('tea', leaving.signal)];
    const rejected = both.map((each) => expect(each).rejects.toEqual(new Error('left')));
    await clock.advance(10);
    leaving.abort(new Error('left'));
    await Promise.all(rejected);
    expect(clock.pending).toBe(0);
    expect(await cache.look('tea', 1)).toMatchObject({ state: 'leased' });
  });

  test('an aborted signal asks nobody', async () => {
    const { products, loads, cache } = setUp();
    await expect(products.get('tea', AbortSignal.abort(new Error('left')))).rejects.toEqual(new Error('left'));
    expect([loads.length, cache.size]).toEqual([0, 0]);
  });
});

describe('changing', () => {
  test('drops the entry after the change, and gives what the change gave', async () => {
    const { clock, rows, products } = setUp();
    await after(clock, 100, products.get('tea'));
    expect(await products.write('tea', async () => rows.set('tea', 'tea at 4').size)).toBe(1);
    expect(await after(clock, 100, products.get('tea'))).toBe('tea at 4');
  });

  test('drops it also when the change throws: its commit may have gone through', async () => {
    const { clock, rows, products } = setUp();
    await after(clock, 100, products.get('tea'));
    const change = async (): Promise<void> => {
      rows.set('tea', 'tea at 4');
      throw new Error('the answer was lost');
    };
    await expect(products.write('tea', change)).rejects.toEqual(new Error('the answer was lost'));
    expect(await after(clock, 100, products.get('tea'))).toBe('tea at 4');
  });

  test('what was read before a change is not kept after it', async () => {
    const { clock, products, write, happened } = setUp();
    const early = products.get('tea');
    await clock.advance(50);
    await products.write('tea', write('tea at 4'));
    expect(await after(clock, 50, early)).toBe('tea at 3');
    expect(happened()).toEqual(['forgotten', 'loaded', 'not kept']);
    expect(await after(clock, 100, products.get('tea'))).toBe('tea at 4');
  });

  test('what is kept during a hold ends with it, and one caller at a time loads', async () => {
    const { clock, loads, products, write } = setUp({ holdMs: 500 });
    await products.write('tea', write('tea at 4'));
    await after(clock, 200, Promise.all([products.get('tea'), products.get('tea')]));
    await clock.advance(299);
    await products.get('tea');
    expect(loads).toHaveLength(1);
    await clock.advance(1);
    await after(clock, 100, products.get('tea'));
    await clock.advance(59_999);
    await products.get('tea');
    expect(loads).toHaveLength(2);
  });

  test('what was read during a hold is not kept after it', async () => {
    const { clock, loads, products, write } = setUp({ holdMs: 500 });
    await products.write('tea', write('tea at 4'));
    await clock.advance(450);
    await after(clock, 100, products.get('tea'));
    await after(clock, 100, products.get('tea'));
    expect(loads).toHaveLength(2);
  });

  test('a hold outlives a value whose time is over in it', async () => {
    const { clock, loads, products, write } = setUp({ holdMs: 5_000, ttlMs: 1_000 });
    await products.write('tea', write('tea at 4'));
    await after(clock, 100, products.get('tea')); // until 1100
    await clock.advance(4_000);
    await after(clock, 100, products.get('tea')); // at 4200, until 5000
    await clock.advance(800);
    await after(clock, 100, products.get('tea'));
    expect(loads).toHaveLength(3);
  });

  test('nothing is left in the cache after a change without a hold', async () => {
    const { clock, cache, products, write } = setUp();
    await after(clock, 100, products.get('tea'));
    await products.write('tea', write('tea at 4'));
    expect(cache.size).toBe(0);
  });

  test('a hold outlives the lease of one who died in it', async () => {
    const { clock, cache, loads, products, write } = setUp({ holdMs: 5_000, leaseMs: 500 });
    await products.write('tea', write('tea at 4'));
    await cache.look('tea', 500);
    await clock.advance(500);
    await after(clock, 100, products.get('tea'));
    await clock.advance(4_400);
    await after(clock, 100, products.get('tea'));
    expect(loads).toHaveLength(2);
  });
});

/** One price, read and changed by some at once, each step on its own. */
describe('in every order of the steps', () => {
  /** @returns how many orders there are, and in how many of them the cache holds another price than the row at the end */
  async function stale(actors: (world: { row: { price: number; replica: number }; cache: SharedCache<number>; plain: PlainCache<number>; clock: VirtualClock }) => ((step: Step) => Promise<unknown>)[]) {
    let [orders, wrong] = [0, 0];
    await everyOrder(() => {
      const clock = new VirtualClock();
      const row = { price: 1, replica: 1 };
      const cache = new MemoryCache<number>(clock, 10);
      const plain = plainCache<number>();
      return { clock, actors: actors({ row, cache, plain, clock }), atEnd: async () => {
        await clock.advance(1_000); // the hold is over
        const [kept, set] = [await cache.look('tea', 1), await plain.get('tea')];
        const shown = kept.state === 'hit' ? kept.value : set?.value;
        orders += 1;
        if (shown !== undefined && shown !== row.price) wrong += 1;
      } };
    });
    return { orders, wrong };
  }
  const guarded = (cache: SharedCache<number>, load: () => Promise<number>, step: Step, clock: VirtualClock, holdMs = 0): CacheAside<number> => new CacheAside({
    name: 'products', ttlMs: 60_000, holdMs, clock, load,
    cache: { look: (...of) => step(() => cache.look(...of)), keep: (...of) => step(() => cache.keep(...of)), release: (...of) => step(() => cache.release(...of)), forget: (...of) => step(() => cache.forget(...of)) },
  });
  const unguarded = (plain: PlainCache<number>, load: () => Promise<number>, step: Step): UnguardedCacheAside<number> => new UnguardedCacheAside(
    { get: (...of) => step(() => plain.get(...of)), set: (...of) => step(() => plain.set(...of)), delete: (...of) => step(() => plain.delete(...of)) }, load, 60_000);

  test('two readers and a writer leave no old price behind', async () => {
    const { orders, wrong } = await stale(({ row, cache, clock }) => {
      const reader = (step: Step) => guarded(cache, () => step(async () => row.price), step, clock).get('tea');
      const writer = (step: Step) => guarded(cache, expect.fail, step, clock).write('tea', () => step(async () => { row.price = 2; }));
      return [reader, reader, writer];
    });
    expect(orders).toBeGreaterThan(100);
    expect(wrong).toBe(0);
  });

  test('a reader and two writers neither', async () => {
    const { orders, wrong } = await stale(({ row, cache, clock }) => {
      const writer = (step: Step) => guarded(cache, expect.fail, step, clock).write('tea', () => step(async () => { row.price += 1; }));
      return [(step) => guarded(cache, () => step(async () => row.price), step, clock).get('tea'), writer, writer];
    });
    expect(orders).toBeGreaterThan(100);
    expect(wrong).toBe(0);
  });

  test('unguarded, a reader puts the old price back after the writer has deleted it', async () => {
    const { orders, wrong } = await stale(({ row, plain }) => [
      (step) => unguarded(plain, () => step(async () => row.price), step).get('tea'),
      (step) => unguarded(plain, expect.fail, step).write('tea', () => step(async () => { row.price = 2; })),
    ]);
    expect([orders, wrong]).toEqual([10, 1]);
  });

  test('deleting before the change is worse', async () => {
    const { orders, wrong } = await stale(({ row, plain }) => [
      (step) => unguarded(plain, () => step(async () => row.price), step).get('tea'),
      async (step) => {
        await step(() => plain.delete('tea'));
        await step(async () => { row.price = 2; });
      },
    ]);
    expect(orders).toBe(10);
    expect(wrong).toBeGreaterThan(1);
  });

  test('two writers who set what they wrote can leave the older price', async () => {
    const writer = (row: { price: number }, plain: PlainCache<number>) => async (step: Step) => {
      const written = await step(async () => (row.price += 1));
      await step(() => plain.set('tea', written, 60_000));
    };
    const { orders, wrong } = await stale(({ row, plain }) => [writer(row, plain), writer(row, plain)]);
    expect([orders, wrong]).toEqual([6, 2]);
  });

  test('a lease does not help against a replica that is behind; a hold does', async () => {
    const [without, held] = await Promise.all([0, 1_000].map((holdMs) => stale(({ row, cache, clock }) => { const committed = Promise.withResolvers<void>(); return [
      (step) => guarded(cache, () => step(async () => row.replica), step, clock, holdMs).get('tea'),
      (step) => guarded(cache, expect.fail, step, clock, holdMs).write('tea', () => step(async () => { row.price = 2; committed.resolve(); })),
      async (step) => {
        await committed.promise;
        await step(async () => { row.replica = 2; });
      },
    ]; })));
    expect(without?.wrong).toBeGreaterThan(0);
    expect(held?.wrong).toBe(0);
    expect(held?.orders).toBeGreaterThan(10);
  });
});

describe('without the cache', () => {
  const unreachable = async (): Promise<never> => { throw new Error('connection refused'); };
  const down: SharedCache<string> = { look: unreachable, keep: unreachable, release: unreachable, forget: unreachable };

  test('readers ask the owner, and an event says so', async () => {
    const { clock, products, events } = setUp({ cache: down });
    expect(await after(clock, 100, products.get('tea'))).toBe('tea at 3');
    expect(events).toEqual([
      { cache: 'products', key: 'tea', atMs: 0, type: 'cache failed', during: 'look', error: new Error('connection refused') },
      { cache: 'products', key: 'tea', atMs: 100, type: 'loaded', as: 'uncached', durationMs: 100 },
    ]);
  });

  test('a change goes through, and an event says that an old value may be left', async () => {
    const { rows, products, write, events } = setUp({ cache: down });
    await products.write('tea', write('tea at 4'));
    expect(rows.get('tea')).toBe('tea at 4');
    expect(events).toEqual([{ cache: 'products', key: 'tea', atMs: 0, type: 'cache failed', during: 'forget', error: new Error('connection refused') }]);
  });

  test('a cache that fails after the load costs nobody the value, nor the error', async () => {
    const leaseOnly = { ...down, look: async () => ({ state: 'leased' as const, lease: 1 }) };
    const { clock, products, happened } = setUp({ cache: leaseOnly });
    expect(await after(clock, 100, products.get('tea'))).toBe('tea at 3');
    const failing = setUp({ cache: leaseOnly, load: async () => { throw new Error('too many connections'); } });
    await expect(failing.products.get('tea')).rejects.toEqual(new Error('too many connections'));
    expect([happened(), failing.happened()]).toEqual([['loaded', 'cache failed'], ['load failed', 'cache failed']]);
  });
});

describe('the cache in memory', () => {
  const setUpCache = (maxEntries = 2) => {
    const clock = new VirtualClock();
    const cache = new MemoryCache<number>(clock, maxEntries);
    const fill = async (key: string, value: number): Promise<void> => {
      const found = await cache.look(key, 1_000);
      if (found.state === 'leased') await cache.keep(key, found.lease, value, 1_000);
    };
    return { clock, cache, fill };
  };

  test('what was used least recently makes room', async () => {
    const { cache, fill } = setUpCache();
    await fill('a', 1);
    await fill('b', 2);
    await cache.look('a', 1_000);
    await fill('c', 3);
    expect([cache.size, await cache.look('a', 1_000), (await cache.look('b', 1_000)).state]).toEqual([2, { state: 'hit', value: 1 }, 'leased']);
  });

  test('a lease is worth nothing once it is over, or after a restart', async () => {
    const { clock, cache } = setUpCache();
    await cache.look('a', 1_000);
    await clock.advance(1_000);
    expect(await cache.keep('a', 1, 7, 1_000)).toBe(false);
    expect(await cache.look('a', 1_000)).toEqual({ state: 'leased', lease: 2 });
    expect(await cache.keep('a', 1, 7, 1_000)).toBe(false);
    cache.clear();
    expect(await cache.keep('a', 2, 7, 1_000)).toBe(false);
    expect(await cache.look('a', 1_000)).toEqual({ state: 'leased', lease: 3 });
  });

  test('only whoever has the lease can give it back', async () => {
    const { cache } = setUpCache();
    await cache.look('a', 1_000);
    await cache.release('a', 99);
    expect(await cache.look('a', 1_000)).toEqual({ state: 'busy' });
    await cache.release('a', 1);
    expect(await cache.look('a', 1_000)).toEqual({ state: 'leased', lease: 2 });
  });

  test('refuses a size that makes no sense', () => {
    for (const size of [0, 1.5, Number.NaN]) expect(() => setUpCache(size)).toThrow(`maxEntries must be a positive integer: current value is ${size}`);
  });
});

test('refuses options that make no sense', () => {
  for (const name of ['ttlMs', 'absentMs', 'leaseMs', 'patienceMs', 'pauseMs'] as const) {
    for (const value of [0, -1, Number.NaN, Infinity]) expect(() => setUp({ [name]: value })).toThrow(`${name} must be between 1 and ${Number.MAX_SAFE_INTEGER}: current value is ${value}`);
  }
  for (const jitter of [-0.1, 1.1, Number.NaN]) expect(() => setUp({ jitter })).toThrow(`jitter must be between 0 and 1: current value is ${jitter}`);
  expect(() => setUp({ holdMs: -1 })).toThrow('holdMs must be between 0');
});

test('where nothing else is said, "not there" lives for a tenth, a fifth of a lifetime is left to chance, and patience outlasts a lease', async () => {
  const clock = new VirtualClock();
  const [lifetimes, loadsMs]: [number[], number[]] = [[], []];
  const cache = new MemoryCache<string>(clock, 10);
  const products = new CacheAside<string>({
    name: 'products', ttlMs: 60_000, cache, clock, random: () => 0.5, onEvent: (event) => { if (event.type === 'kept') lifetimes.push(event.ttlMs); },
    load: async (key) => { loadsMs.push(clock.now()); return key === 'tea' ? 'tea at 3' : undefined; },
  });
  await Promise.all([products.get('tea'), products.get('unicorn')]);
  expect(lifetimes).toEqual([54_000, 5_400]);
  await cache.look('coffee', 2_000);
  expect(await after(clock, 2_100, products.get('coffee'))).toBeUndefined();
  expect([loadsMs.at(-1), lifetimes.length]).toEqual([2_000, 3]);
});

test('has the clock and the chance of the system where nothing else is said', async () => {
  const products = new CacheAside({ name: 'products', ttlMs: 60_000, load: async () => 'tea at 3', cache: new MemoryCache<string>(new VirtualClock(), 1) });
  expect([await products.get('tea'), await products.get('tea')]).toEqual(['tea at 3', 'tea at 3']);
});
