import { describe, expect, test } from 'vitest';
import { VirtualClock } from '../virtual-clock.ts';
import { leastRequests, roundRobin, twoChoices } from './choices.ts';
import { ClientBalancer } from './client-side-discovery.ts';
import { NoInstanceError } from './contract.ts';
import type { BalancerEvent, BalancerOptions, Instance } from './contract.ts';

class RefusedError extends Error { override readonly name = 'RefusedError'; }
class NotFoundError extends Error { override readonly name = 'NotFoundError'; }

const at = (id: string, address = `10.0.0.${id}`): Instance => ({ id, address });
const listOf = (count: number): Instance[] => Array.from({ length: count }, (_, index) => at(String(index + 1)));

/** Numbers in [0, 1) that repeat, without patterns that matter here. */
function draws(seed = 7): () => number {
  let state = seed;
  return () => (state = (state * 16_807) % 2_147_483_647) / 2_147_483_647;
}

function setUp(size: number, options: Partial<BalancerOptions> = {}) {
  const clock = new VirtualClock();
  const events: BalancerEvent[] = [];
  const random = draws();
  const balancer = new ClientBalancer({ name: 'inventory', errorMs: 1_000, failures: 3, asideMs: 5_000, maxAsideMs: 12_000, mostAside: 0.5, slowStartMs: 4_000, clock, random, onEvent: (event) => events.push(event), ...options });
  if (size > 0) balancer.update(listOf(size));
  events.length = 0;
  const called: string[] = [];
  const call = (isDown: (id: string) => boolean = () => false) => balancer.run(async ({ id }) => {
    called.push(id);
    if (isDown(id)) throw new RefusedError(`${id} refused`);
    return id;
  });
  /** Calls one after the other, each ended before the next. */
  const many = async (count: number, isDown?: (id: string) => boolean): Promise<Record<string, number>> => {
    const from = called.length;
    for (let done = 0; done < count; done += 1) await call(isDown).catch(() => {});
    return tally(called.slice(from));
  };
  return { balancer, clock, events, called, call, many };
}

function tally(ids: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const id of ids) counts[id] = (counts[id] ?? 0) + 1;
  return counts;
}

/** A call that stays open until the test ends it. */
function open(balancer: ClientBalancer, signal?: AbortSignal) {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let id = '';
  const result = balancer.run((instance) => { id = instance.id; return promise; }, signal === undefined ? {} : { signal });
  result.catch(() => {});
  return { result, id: () => id, succeed: () => resolve('done'), fail: (error: unknown = new RefusedError('gone')) => reject(error) };
}

async function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(() => expect.fail('resolved'), (error: unknown) => error);
}

describe('the list', () => {
  test('without any list nothing is called, and the error says who refused', async () => {
    const { balancer, call, called } = setUp(0);
    expect(await rejection(call())).toEqual(new NoInstanceError('inventory'));
    expect(called).toEqual([]);
    expect(balancer.instances).toEqual([]);
  });

  test('an empty list does not replace one that is not', async () => {
    const { balancer, call, events } = setUp(3);
    balancer.update([]);
    expect(balancer.instances).toEqual(listOf(3));
    expect(events).toEqual([{ balancer: 'inventory', atMs: 0, type: 'empty ignored', size: 3 }]);
    expect(await call()).toMatch(/[123]/);
  });

  test('who leaves the list gets no further call, and its open ones end as they end', async () => {
    const { balancer, many, events } = setUp(1);
    const before = open(balancer);
    balancer.update([at('2')]);
    expect(await many(20)).toEqual({ 2: 20 });
    before.succeed();
    expect(await before.result).toBe('done');
    expect(events).toEqual([{ balancer: 'inventory', atMs: 0, type: 'list', joined: 1, left: 1, size: 1 }]);
  });

  test('what is known of those who stay outlives an update; the same list is no news', async () => {
    const { balancer, many, events } = setUp(4, { errorMs: 0 });
    await many(40, (id) => id === '1');
    expect(events).toMatchObject([{ type: 'aside', id: '1' }]);
    balancer.update(listOf(4).reverse());
    expect(await many(40, (id) => id === '1')).not.toHaveProperty('1');
    expect(events).toHaveLength(1);
  });

  test('the same id at another address begins anew, and a double entry counts once', async () => {
    const { balancer, many } = setUp(4, { errorMs: 0, slowStartMs: 1 });
    await many(40, (id) => id === '1');
    balancer.update([at('1', '10.9.9.9'), ...listOf(4).slice(1), at('2')]);
    expect(balancer.instances).toHaveLength(4);
    expect(await many(40)).toHaveProperty('1');
  });

  test('an instance that joins later gets its full part only after its slow start', async () => {
    const { balancer, clock, many } = setUp(3, { choice: roundRobin(draws()) });
    balancer.update(listOf(4));
    const first = (await many(400))['4']!;
    expect(first).toBeGreaterThan(0);
    expect(first).toBeLessThan(25);
    await clock.advance(2_000);
    const half = (await many(400))['4']!;
    expect(half).toBeGreaterThan(25);
    expect(half).toBeLessThan(80);
    await clock.advance(2_000);
    expect((await many(400))['4']).toBe(100);
  });

  test('if all are new, all are used', async () => {
    const { balancer, many } = setUp(1, { random: () => 0.99 });
    balancer.update([at('7'), at('8')]);
    expect(Object.keys(await many(20)).every((id) => id === '7' || id === '8')).toBe(true);
  });
});

describe('choosing', () => {
  test('round robin gives each its turn, and callers begin at different places', () => {
    const four = Array.from({ length: 4 }, () => ({ load: 0 }));
    const turns = roundRobin(draws());
    expect(tally(Array.from({ length: 8 }, () => String(turns(four))))).toEqual({ 0: 2, 1: 2, 2: 2, 3: 2 });
    const random = draws();
    expect(new Set(Array.from({ length: 40 }, () => roundRobin(random)(four))).size).toBe(4);
  });

  test('least requests takes the least loaded, and draws among equals', () => {
    const least = leastRequests(draws());
    expect(least([{ load: 2 }, { load: 1 }, { load: 3 }])).toBe(1);
    const drawn = tally(Array.from({ length: 300 }, () => String(least([{ load: 1 }, { load: 0 }, { load: 0 }, { load: 0 }]))));
    expect(Object.keys(drawn)).toEqual(['1', '2', '3']);
    for (const count of Object.values(drawn)) expect(count).toBeGreaterThan(70);
  });

  test('two choices compares two different ones: the most loaded is never taken, the rest is spread', () => {
    const two = twoChoices(draws());
    const drawn = tally(Array.from({ length: 300 }, () => String(two([{ load: 9 }, { load: 0 }, { load: 0 }, { load: 0 }]))));
    expect(drawn).not.toHaveProperty('0');
    for (const count of Object.values(drawn)) expect(count).toBeGreaterThan(70);
    expect(two([{ load: 5 }])).toBe(0);
  });

  test('counts its own open calls: who has not answered gets no more', async () => {
    const { balancer } = setUp(3, { choice: leastRequests(draws()) });
    const first = [open(balancer), open(balancer), open(balancer)];
    expect(first.map(({ id }) => id()).sort()).toEqual(['1', '2', '3']);
    first[1]!.succeed();
    await first[1]!.result;
    expect(open(balancer).id()).toBe(first[1]!.id());
  });

  test('an open call is counted until it ends, however it ends', async () => {
    const { balancer, clock } = setUp(2, { choice: leastRequests(draws()), errorMs: 0 });
    const stop = new AbortController();
    for (const end of ['succeed', 'fail', 'abort', 'throw']) {
      const held = open(balancer, stop.signal);
      const other = open(balancer);
      expect(other.id()).not.toBe(held.id());
      other.succeed();
      await other.result;
      if (end === 'succeed') held.succeed();
      else if (end === 'throw') await balancer.run(() => { throw new RefusedError('at once'); }).catch(() => {});
      held.fail(new RefusedError(end));
      await held.result.catch(() => {});
    }
    await clock.advance(1);
    const both = [open(balancer), open(balancer)];
    expect(both.map(({ id }) => id()).sort()).toEqual(['1', '2']);
  });
});

describe('failing fast is not being idle', () => {
  const broken = (id: string): boolean => id === '1';

  test('with errors forgotten the broken instance draws nearly all calls', async () => {
    const { balancer, clock } = setUp(4, { choice: leastRequests(draws()), errorMs: 0, failures: 1e6 });
    const ids: string[] = [];
    for (let each = 0; each < 100; each += 1) {
      void balancer.run(async ({ id }) => {
        ids.push(id);
        if (broken(id)) throw new RefusedError('at once');
        await clock.sleep(60_000);
      }).catch(() => {});
      await clock.advance(10);
    }
    expect(tally(ids)['1']).toBeGreaterThan(90);
  });

  test('with errors that count on as open calls it gets less than its part', async () => {
    const { balancer, clock } = setUp(4, { choice: leastRequests(draws()), failures: 1e6 });
    const ids: string[] = [];
    for (let each = 0; each < 100; each += 1) {
      void balancer.run(async ({ id }) => {
        ids.push(id);
        if (broken(id)) throw new RefusedError('at once');
        await clock.sleep(300);
      }).catch(() => {});
      await clock.advance(10);
    }
    expect(tally(ids)['1']).toBeLessThan(25);
  });

  test('an error is forgotten after its time', async () => {
    const { clock, many } = setUp(2, { choice: leastRequests(draws()) });
    await many(2, broken);
    expect(await many(10)).toEqual({ 2: 10 });
    await clock.advance(1_000);
    expect(await many(40)).toHaveProperty('1');
  });
});

describe('setting aside', () => {
  const broken = (id: string): boolean => id === '1';

  test('after failures in a row, for longer each time, up to the longest', async () => {
    const { clock, events, many } = setUp(4, { errorMs: 0, slowStartMs: 1 });
    expect((await many(60, broken))['1']).toBe(3);
    for (const forMs of [5_000, 10_000, 12_000]) {
      await clock.advance(forMs - 1);
      expect(await many(40, broken)).not.toHaveProperty('1');
      await clock.advance(2);
      expect((await many(60, broken))['1']).toBe(1);
    }
    expect(events.map((event) => event.type === 'aside' && event.forMs)).toEqual([5_000, 10_000, 12_000, 12_000]);
  });

  test('a success in between clears the count, and a long good time the memory of earlier ones', async () => {
    const { clock, events, many } = setUp(4, { errorMs: 0, slowStartMs: 1, choice: roundRobin(draws()) });
    await many(8, broken);
    await many(4);
    await many(8, broken);
    expect(events).toEqual([]);
    await many(4, broken);
    await clock.advance(5_001);
    await many(4);
    await clock.advance(12_000);
    await many(12, broken);
    expect(events.map((event) => event.type === 'aside' && event.forMs)).toEqual([5_000, 5_000]);
  });

  test('it comes back slowly', async () => {
    const { clock, many } = setUp(4, { errorMs: 0 });
    await many(60, broken);
    await clock.advance(5_000);
    const part = (await many(400))['1']!;
    expect(part).toBeGreaterThan(0);
    expect(part).toBeLessThan(40);
  });

  test('never more than the share: what fails everywhere is not the fault of one', async () => {
    const { events, many } = setUp(4, { errorMs: 0 });
    await many(100, () => true);
    expect(events.filter(({ type }) => type === 'aside')).toHaveLength(2);
    expect(events.some(({ type }) => type === 'aside refused')).toBe(true);
  });

  test('a single instance is never set aside', async () => {
    const { call, many } = setUp(1, { errorMs: 0 });
    await many(20, () => true);
    expect(await call()).toBe('1');
  });

  test('if the list shrinks to those aside, they are better than none', async () => {
    const { balancer, many } = setUp(4, { errorMs: 0 });
    await many(60, broken);
    balancer.update([at('1')]);
    expect(await many(5)).toEqual({ 1: 5 });
  });

  test('results of calls that began before count for nothing: neither longer nor back', async () => {
    const { balancer, clock, events } = setUp(2, { errorMs: 0, failures: 2, choice: leastRequests(() => 0) });
    const calls = Array.from({ length: 10 }, () => open(balancer));
    const ones = calls.filter(({ id }) => id() === '1');
    expect(ones).toHaveLength(5);
    for (const each of ones.slice(0, 4)) each.fail();
    await clock.advance(1);
    expect(events).toMatchObject([{ type: 'aside', id: '1', forMs: 5_000 }]);
    ones[4]!.succeed();
    await clock.advance(5_000 + 4_000);
    const next = [open(balancer), open(balancer)].find(({ id }) => id() === '1')!;
    next.fail();
    await clock.advance(1);
    expect(events.at(-1)).toMatchObject({ type: 'aside', id: '1', forMs: 10_000 });
  });

  test('errors that say nothing are not held against it; an answer that is an error clears the count', async () => {
    const { balancer, clock, events } = setUp(2, { failures: 2, choice: roundRobin(() => 0), judge: (error) => error instanceof NotFoundError ? 'answered' : error instanceof TypeError ? 'ignored' : 'failed' });
    const fail = (error: Error): Promise<unknown> => balancer.run(async ({ id }) => { if (id === '1') throw error; }).catch(() => {});
    const inTurn = async (...errors: Error[]): Promise<void> => { for (const error of errors) { await fail(error); await fail(error); } };
    await inTurn(new RefusedError('a'), new TypeError('bug'), new NotFoundError('b'), new RefusedError('c'));
    expect(events).toEqual([]);
    await inTurn(new RefusedError('d'));
    expect(events).toMatchObject([{ type: 'aside', id: '1' }]);
    expect(clock.pending).toBe(0);
  });

  test('a caller who goes away says nothing about the instance', async () => {
    const { balancer, events } = setUp(2, { failures: 1 });
    const stop = new AbortController();
    const call = open(balancer, stop.signal);
    stop.abort(new Error('closed the page'));
    call.fail(stop.signal.reason);
    expect(await rejection(call.result)).toEqual(new Error('closed the page'));
    expect(events).toEqual([]);
  });
});

describe('a second attempt', () => {
  const mayRepeat = (error: unknown): boolean => error instanceof RefusedError;

  test('goes to another instance, never to the one that has just failed', async () => {
    const { balancer, events } = setUp(2, { failures: 1e6, errorMs: 0 });
    for (let each = 0; each < 50; each += 1) {
      const ids: string[] = [];
      await balancer.run(async ({ id }) => { ids.push(id); throw new RefusedError('no'); }, { mayRepeat }).catch(() => {});
      expect(ids.sort()).toEqual(['1', '2']);
    }
    expect(events).toHaveLength(50);
    expect(events[0]).toMatchObject({ type: 'repeated' });
  });

  test('only for what may be repeated, only as often as allowed, and the last error is told', async () => {
    const { balancer } = setUp(4, { failures: 1e6 });
    const tries = async (attempts: number, error: (at: number) => Error): Promise<[number, unknown]> => {
      let count = 0;
      const told = await rejection(balancer.run(async () => { throw error(++count); }, { attempts, mayRepeat }));
      return [count, told];
    };
    expect(await tries(3, (count) => new RefusedError(`no ${count}`))).toEqual([3, new RefusedError('no 3')]);
    expect(await tries(9, (count) => new RefusedError(`no ${count}`))).toEqual([4, new RefusedError('no 4')]);
    expect(await tries(3, () => new NotFoundError('nothing'))).toEqual([1, new NotFoundError('nothing')]);
    let once = 0;
    await rejection(balancer.run(async () => { once += 1; throw new RefusedError('no'); }));
    expect(once).toBe(1);
  });

  test('not after the caller has left, and no call for one that had left before', async () => {
    const { balancer } = setUp(4);
    const stop = new AbortController();
    let count = 0;
    const error = await rejection(balancer.run(async () => { count += 1; stop.abort(); throw new RefusedError('no'); }, { signal: stop.signal, mayRepeat }));
    expect(error).toEqual(new RefusedError('no'));
    expect(await rejection(balancer.run(async () => { count += 1; }, { signal: stop.signal }))).toBe(stop.signal.reason);
    expect(count).toBe(1);
  });
});

test('needs no option but a name', async () => {
  const balancer = new ClientBalancer({ name: 'inventory' });
  balancer.update(listOf(3));
  expect(await balancer.run(async ({ address }) => address)).toMatch(/^10\.0\.0\.[123]$/);
});

test('refuses options that make no sense, with name, rule and value', async () => {
  const refused: [Partial<BalancerOptions>, string][] = [
    [{ errorMs: -1 }, 'errorMs must be between 0 and 2147483647: current value is -1'],
    [{ failures: 0 }, 'failures must be a positive integer: current value is 0'],
    [{ asideMs: Number.NaN }, 'asideMs must be between 1 and 2147483647: current value is NaN'],
    [{ asideMs: 100, maxAsideMs: 99 }, 'maxAsideMs must be between 100 and 2147483647: current value is 99'],
    [{ slowStartMs: 0 }, 'slowStartMs must be between 1 and 2147483647: current value is 0'],
    [{ mostAside: 1.5 }, 'mostAside must be between 0 and 1: current value is 1.5'],
    [{ mostAside: Number.NaN }, 'mostAside must be between 0 and 1: current value is NaN'],
  ];
  for (const [options, message] of refused) expect(() => new ClientBalancer({ name: 'inventory', ...options })).toThrow(message);
  await expect(setUp(2).balancer.run(async () => 1, { attempts: 0 })).rejects.toThrow('attempts must be a positive integer: current value is 0');
});
