import { describe, expect, test } from 'vitest';
import { VirtualClock } from '../virtual-clock.ts';
import { NoEndpointError } from './contract.ts';
import type { Endpoint, RouterEvent, RouterOptions } from './contract.ts';
import { Router } from './server-side-discovery.ts';

class DownError extends Error { override readonly name = 'DownError'; }

const at = (id: string, address = `10.0.0.${id}`): Endpoint => ({ id, address });
const listOf = (count: number): Endpoint[] => Array.from({ length: count }, (_, index) => at(String(index + 1)));

function setUp(size: number, options: Partial<RouterOptions> = {}) {
  const clock = new VirtualClock();
  const events: RouterEvent[] = [];
  let state = 7;
  const random = (): number => (state = (state * 16_807) % 2_147_483_647) / 2_147_483_647;
  const router = new Router({ name: 'inventory', failures: 3, successes: 2, panicShare: 0.5, clock, random, onEvent: (event) => events.push(event), ...options });
  router.update(listOf(size));
  const check = (isWell: boolean, ...ids: string[]): void => { for (const id of ids) router.checked(at(id), isWell); };
  check(true, ...listOf(size).map(({ id }) => id));
  events.length = 0;
  const ids = async (count = 60): Promise<string[]> => {
    const seen = new Set<string>();
    for (let each = 0; each < count; each += 1) seen.add(await router.route(async ({ id }) => id));
    return [...seen].sort();
  };
  return { router, clock, events, check, ids, told: () => events.map((event) => `${event.type}${'id' in event ? ` ${event.id}` : event.on ? ' on' : ' off'}`) };
}

async function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(() => expect.fail('resolved'), (error: unknown) => error);
}

describe('the table: list and checks', () => {
  test('listed and well: gets calls; callers name no endpoint', async () => {
    expect(await setUp(3).ids()).toEqual(['1', '2', '3']);
  });

  test('listed and not checked yet: gets none, until one good check', async () => {
    const { router, check, ids, told } = setUp(3);
    router.update(listOf(4));
    expect(await ids()).toEqual(['1', '2', '3']);
    check(true, '4');
    expect(await ids()).toEqual(['1', '2', '3', '4']);
    expect(told()).toEqual(['added 4', 'well 4']);
  });

  test('listed and ill: gets none, after failures in a row; back after successes in a row', async () => {
    const { check, ids, told } = setUp(3);
    check(false, '1', '1');
    check(true, '1');
    check(false, '1', '1');
    expect(await ids()).toEqual(['1', '2', '3']);
    check(false, '1');
    expect(await ids()).toEqual(['2', '3']);
    check(true, '1');
    check(false, '1');
    check(true, '1');
    expect(await ids()).toEqual(['2', '3']);
    check(true, '1');
    expect(await ids()).toEqual(['1', '2', '3']);
    expect(told()).toEqual(['ill 1', 'well 1']);
  });

  test('not listed and well: goes on getting calls, so an empty list stops nobody; it is told once', async () => {
    const { router, ids, told } = setUp(3);
    router.update([]);
    router.update([]);
    expect(await ids()).toEqual(['1', '2', '3']);
    expect(told()).toEqual(['kept 1', 'kept 2', 'kept 3']);
    router.update(listOf(3));
    expect(router.endpoints).toHaveLength(3);
  });

  test('not listed and ill: gone, whichever comes first', async () => {
    const { router, check, ids, told } = setUp(4);
    check(false, '1', '1', '1');
    router.update(listOf(4).slice(2));
    check(false, '2', '2', '2');
    expect(router.endpoints.map(({ id }) => id)).toEqual(['3', '4']);
    expect(await ids()).toEqual(['3', '4']);
    expect(told()).toEqual(['ill 1', 'removed 1', 'kept 2', 'ill 2', 'removed 2']);
  });

  test('not listed and never checked: gone', () => {
    const { router, told } = setUp(0);
    router.update([at('1')]);
    router.update([]);
    expect(router.endpoints).toEqual([]);
    expect(told()).toEqual(['added 1', 'removed 1']);
  });

  test('a check of somebody who has left changes nothing', () => {
    const { router, check, events } = setUp(2);
    check(true, '9');
    router.checked(at('1', '10.9.9.9'), false);
    expect(router.endpoints).toHaveLength(2);
    expect(events).toEqual([]);
  });

  test('another copy under the same id begins unchecked', async () => {
    const { router } = setUp(2);
    const addresses = async (): Promise<Set<string>> => new Set(await Promise.all(Array.from({ length: 40 }, () => router.route(async ({ address }) => address))));
    router.update([at('1', '10.9.9.9'), at('2')]);
    expect(await addresses()).toEqual(new Set(['10.0.0.1', '10.0.0.2']));
    router.checked(at('1', '10.9.9.9'), true);
    expect(await addresses()).toEqual(new Set(['10.0.0.1', '10.0.0.2', '10.9.9.9']));
  });

  test('without checks the list alone decides, and an empty one leaves nobody', async () => {
    const { router, ids } = setUp(0, { checks: false, panicShare: 0 });
    router.update(listOf(2));
    expect(await ids()).toEqual(['1', '2']);
    router.update([]);
    expect(await rejection(router.route(async () => 1))).toEqual(new NoEndpointError('inventory', 0));
  });
});

describe('panic', () => {
  test('with fewer than the share well all get calls, and it ends by itself', async () => {
    const { check, ids, events } = setUp(4);
    check(false, '1', '1', '1', '2', '2', '2');
    expect(await ids()).toEqual(['3', '4']);
    check(false, '3', '3', '3');
    expect(await ids()).toEqual(['1', '2', '3', '4']);
    expect(events.at(-1)).toEqual({ router: 'inventory', atMs: 0, type: 'panic', on: true, well: 1, checked: 4 });
    check(true, '3', '3');
    expect(await ids()).toEqual(['3', '4']);
    expect(events.at(-1)).toMatchObject({ type: 'panic', on: false, well: 2 });
  });

  test('a share of 0 never panics: when all are ill nobody gets a call, and the error says so', async () => {
    const { router, check } = setUp(2, { panicShare: 0 });
    check(false, '1', '1', '1', '2', '2', '2');
    const error = await rejection(router.route(async () => 1));
    expect(error).toEqual(new NoEndpointError('inventory', 2));
    expect(() => router.connect()).toThrow(NoEndpointError);
  });

  test('new endpoints do not make a panic, however many join at once', async () => {
    const { router, check, ids, told } = setUp(3);
    check(false, '1', '1', '1');
    router.update(listOf(12));
    expect(await ids()).toEqual(['2', '3']);
    expect(told()).not.toContain('panic on');
  });

  test('right after the start, with nothing checked, all get calls', async () => {
    const { router, ids } = setUp(0);
    router.update(listOf(3));
    expect(await ids()).toEqual(['1', '2', '3']);
  });
});

describe('calls', () => {
  test('each goes to whoever has the fewest open ones, drawn among equals', async () => {
    const { router } = setUp(3);
    const open = Array.from({ length: 6 }, () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      let id = '';
      const ended = router.route(async (endpoint) => { id = endpoint.id; await promise; });
      return { id, end: async () => { resolve(); await ended; } };
    });
    expect(open.map(({ id }) => id).sort()).toEqual(['1', '1', '2', '2', '3', '3']);
    await open[4]!.end();
    expect(await router.route(async ({ id }) => id)).toBe(open[4]!.id);
  });

  test('a call that fails, or throws at once, gives its place back', async () => {
    const { router, ids } = setUp(2);
    for (let each = 0; each < 20; each += 1) {
      expect(await rejection(router.route(async ({ id }) => { if (id === '1') throw new DownError('no'); throw new DownError('neither'); }))).toBeInstanceOf(DownError);
      expect(await rejection(router.route(() => { throw new DownError('at once'); }))).toBeInstanceOf(DownError);
    }
    expect(await ids()).toEqual(['1', '2']);
    const both = await Promise.all([router.route(async ({ id }) => id), router.route(async ({ id }) => id)]);
    expect(both.sort()).toEqual(['1', '2']);
  });

  test('one that fails at once does not look idle: its failures count as open calls for their time', async () => {
    const { router, clock } = setUp(3);
    const called: string[] = [];
    const steady = async (count: number): Promise<number> => {
      called.length = 0;
      for (let each = 0; each < count; each += 1) {
        void router.route(async ({ id }) => {
          called.push(id);
          if (id === '1') throw new DownError('at once');
          await clock.sleep(400);
        }).catch(() => {});
        await clock.advance(100);
      }
      return called.filter((id) => id === '1').length;
    };
    expect(await steady(60)).toBeLessThan(20);
    const { router: forgetful, clock: on } = setUp(3, { errorMs: 0 });
    let sunk = 0;
    for (let each = 0; each < 60; each += 1) {
      void forgetful.route(async ({ id }) => { if (id === '1') { sunk += 1; throw new DownError('at once'); } await on.sleep(400); }).catch(() => {});
      await on.advance(100);
    }
    expect(sunk).toBeGreaterThan(30);
  });

  test('a failure is forgotten after its time, and one of a caller who has left does not count', async () => {
    const { router, clock } = setUp(1);
    const failed = async (signal?: AbortSignal): Promise<void> => { await rejection(router.route(async () => { throw new DownError('no'); }, signal)); };
    const first = async (): Promise<string> => { const connection = router.connect(); connection.close(); return connection.endpoint.id; };
    await failed();
    router.update(listOf(2));
    router.checked(at('2'), true);
    for (let each = 0; each < 10; each += 1) expect(await first()).toBe('2');
    await clock.advance(1_000);
    expect(new Set([await first(), await first(), await first(), await first(), await first(), await first()])).toEqual(new Set(['1', '2']));
    const { router: other } = setUp(1);
    const stop = new AbortController();
    await rejection(other.route(async () => { stop.abort(); throw new DownError('left'); }, stop.signal));
    other.update(listOf(2));
    other.checked(at('2'), true);
    const ids = new Set(Array.from({ length: 12 }, () => { const connection = other.connect(); connection.close(); return connection.endpoint.id; }));
    expect(ids).toEqual(new Set(['1', '2']));
  });

  test('a caller who had left before causes no call; the signal goes with the call', async () => {
    const { router } = setUp(1);
    const stop = new AbortController();
    expect(await router.route(async (_, signal) => signal, stop.signal)).toBe(stop.signal);
    stop.abort();
    expect(await rejection(router.route(async () => expect.fail('called'), stop.signal))).toBe(stop.signal.reason);
  });
});

describe('connections', () => {
  test('a kept one stays where it is, however many endpoints join', async () => {
    const { router, clock, check } = setUp(2);
    const connections = Array.from({ length: 6 }, () => router.connect());
    router.update(listOf(6));
    check(true, '3', '4', '5', '6');
    await clock.advance(1e9);
    expect(new Set(connections.map(({ endpoint }) => endpoint.id))).toEqual(new Set(['1', '2']));
    expect(connections.some(({ isDue }) => isDue)).toBe(false);
  });

  test('new ones go where the fewest are open; a closed one counts no more, and twice does no harm', () => {
    const { router } = setUp(2);
    const [one, two] = [router.connect(), router.connect()];
    expect([one.endpoint.id, two.endpoint.id].sort()).toEqual(['1', '2']);
    for (let each = 0; each < 10; each += 1) one.close();
    const next = Array.from({ length: 9 }, () => router.connect().endpoint.id);
    expect(next[0]).toBe(one.endpoint.id);
    expect(next.filter((id) => id === two.endpoint.id)).toHaveLength(4);
  });

  test('one that has failed is not opened again at once where it was', () => {
    const { router } = setUp(2);
    const failed = router.connect();
    failed.close(true);
    failed.close(true);
    const next = Array.from({ length: 3 }, () => router.connect().endpoint.id);
    expect(next[0]).not.toBe(failed.endpoint.id);
    expect(next.filter((id) => id === failed.endpoint.id)).toHaveLength(1);
  });

  test('its age is drawn within a tenth', async () => {
    const draws: number[] = [0, 0, 0, 0.5, 0, 1];
    const { router, clock } = setUp(1, { maxAgeMs: 10_000, random: () => Math.min(draws.shift() ?? 0, 1 - 1e-9) });
    const connections = [router.connect(), router.connect(), router.connect()];
    const due = (): boolean[] => connections.map(({ isDue }) => isDue);
    await clock.advance(8_999);
    expect(due()).toEqual([false, false, false]);
    await clock.advance(1);
    expect(due()).toEqual([true, false, false]);
    await clock.advance(1_000);
    expect(due()).toEqual([true, true, false]);
    await clock.advance(1_000);
    expect(due()).toEqual([true, true, true]);
  });

  test('it is due when its endpoint falls ill or leaves', () => {
    const { router, check } = setUp(4);
    const connections = Array.from({ length: 4 }, () => router.connect());
    const due = (): string[] => connections.filter(({ isDue }) => isDue).map(({ endpoint }) => endpoint.id).sort();
    check(false, '1', '1', '1');
    expect(due()).toEqual(['1']);
    router.update(listOf(4).slice(2));
    check(false, '2', '2', '2');
    expect(due()).toEqual(['1', '2']);
  });
});

test('needs no option but a name', async () => {
  const router = new Router({ name: 'inventory' });
  router.update(listOf(2));
  expect(await router.route(async ({ address }) => address)).toMatch(/^10\.0\.0\.[12]$/);
  expect(router.connect().isDue).toBe(false);
});

test('refuses options that make no sense, with name, rule and value', () => {
  const refused: [Partial<RouterOptions>, string][] = [
    [{ failures: 0 }, 'failures must be a positive integer: current value is 0'],
    [{ successes: 1.5 }, 'successes must be a positive integer: current value is 1.5'],
    [{ panicShare: -0.1 }, 'panicShare must be between 0 and 1: current value is -0.1'],
    [{ panicShare: Number.NaN }, 'panicShare must be between 0 and 1: current value is NaN'],
    [{ panicShare: 2 }, 'panicShare must be between 0 and 1: current value is 2'],
    [{ errorMs: -1 }, 'errorMs must be between 0 and 2147483647: current value is -1'],
    [{ maxAgeMs: 0 }, 'maxAgeMs must be a positive number: current value is 0'],
    [{ maxAgeMs: Number.NaN }, 'maxAgeMs must be a positive number: current value is NaN'],
  ];
  for (const [options, message] of refused) expect(() => new Router({ name: 'inventory', ...options })).toThrow(message);
});
