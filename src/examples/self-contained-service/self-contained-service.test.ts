import { PGlite } from '@electric-sql/pglite';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { downtimeMs, inSeries, withCopy } from './availability.ts';
import { placeByCalling } from './chain.ts';
import type { Neighbours } from './chain.ts';
import { answer } from './http.ts';
import { agesOf, heartbeat, learn, lookUp, openFeed, requireFresh } from './replica.ts';
import type { Fact } from './replica.ts';
import { orderSchema } from './schema.ts';
import { CopyTooOldError, OrderConflictError, OrderRefusedError, OrderService } from './self-contained-service.ts';
import type { Announcement, Database, Options, OrderEvent, OrderRequest, Source } from './self-contained-service.ts';

let postgres: PGlite;
let database: Database;
beforeAll(async () => {
  postgres = await PGlite.create();
  await postgres.exec(`${orderSchema} create table announced (at integer generated always as identity, body jsonb)`);
  database = {
    transaction: (work) => postgres.transaction((open) => work({
      query: async <Row>(text: string, parameters: readonly unknown[]) => (await open.query<Row>(text, [...parameters])).rows,
    })),
  };
}, 120_000);
afterAll(() => postgres.close());
beforeEach(async () => {
  await postgres.exec('truncate known, feed, orders, announced restart identity');
  await database.transaction(async (open) => {
    await openFeed(open, 'catalogue', 2);
    await openFeed(open, 'accounts', 1);
  });
  await hear({ key: 'kettle', version: 3, body: { priceCents: 4_200 } }, { source: 'accounts', key: 'ada', version: 1, body: { mayOrder: true } });
  await beat(0);
});

const [second, minute, hour] = [1_000, 60_000, 3_600_000];
const hear = (...facts: Partial<Fact>[]) => database.transaction(async (open) => {
  const changed: boolean[] = [];
  for (const fact of facts) changed.push(await learn(open, { source: 'catalogue', key: 'kettle', version: 1, body: null, ...fact }));
  return changed;
});
/** By the clock that ages are measured with. */
const ago = async (ms: number): Promise<Date> => (await postgres.query<{ at: Date }>("select clock_timestamp() - $1::double precision * interval '1 millisecond' as at", [ms])).rows[0]!.at;
/** All parts tell that they are complete up to some time ago. */
const beat = async (agoMs: number, sources: Source[] = ['catalogue', 'accounts']) => {
  const asOf = await ago(agoMs);
  await database.transaction(async (open) => {
    await open.query('update feed set as_of = null where source = any ($1::text[])', [sources]);
    for (const source of sources) for (const part of source === 'catalogue' ? [0, 1] : [0]) await heartbeat(open, source, part, asOf);
  });
};
const order = (changes: Partial<OrderRequest> = {}): OrderRequest => ({ id: 'o1', customer: 'ada', sku: 'kettle', pieces: 2, ...changes });

function orders(options: Partial<Options> = {}, over: Database = database) {
  const events: OrderEvent[] = [];
  const service = new OrderService(over, {
    maxAgeMs: { catalogue: 10 * minute, accounts: hour },
    announce: (transaction, announcement) => transaction.query('insert into announced (body) values ($1::jsonb)', [JSON.stringify(announcement)]),
    onEvent: (event) => events.push(event),
    ...options,
  });
  return { service, events };
}
const announced = async () => (await postgres.query<{ body: Announcement }>('select body from announced order by at')).rows.map(({ body }) => body);
const rejection = (promise: Promise<unknown>): Promise<unknown> => promise.then(() => expect.fail('resolved'), (error: unknown) => error);

describe('an order', () => {
  test('is answered at once from own data: pending, at the price that is known', async () => {
    const { service, events } = orders();
    expect(await service.place(order())).toEqual({ id: 'o1', state: 'pending', totalCents: 8_400, reason: null });
    expect(await announced()).toEqual([{ type: 'OrderPlaced', order: 'o1', awaits: ['inventory', 'payments'] }]);
    expect(events).toMatchObject([{ type: 'placed', order: 'o1' }]);
  });

  test('keeps its price, whatever the catalogue says later', async () => {
    const { service } = orders();
    await service.place(order());
    await hear({ version: 4, body: { priceCents: 9_900 } });
    expect((await service.read('o1'))!.totalCents).toBe(8_400);
    expect((await service.place(order({ id: 'o2' }))).totalCents).toBe(19_800);
  });

  test('may cost more than an integer of the database holds, and never less than nothing', async () => {
    const { service } = orders();
    await hear({ version: 4, body: { priceCents: 4_200_000 } });
    expect((await service.place(order({ pieces: 1_000 }))).totalCents).toBe(4_200_000_000);
    await hear({ version: 5, body: { priceCents: -4_200 } });
    await expect(service.place(order({ id: 'o2' }))).rejects.toThrow('orders_price_cents_check');
  });

  test('sent again is the same order, also when the copies are too old by then', async () => {
    const { service, events } = orders();
    const first = await service.place(order());
    await beat(2 * hour);
    expect(await service.place(order())).toEqual(first);
    expect([(await announced()).length, events.length]).toEqual([1, 1]);
  });

  test('under an id that belongs to another one is a conflict', async () => {
    const { service } = orders();
    await service.place(order());
    for (const change of [{ pieces: 3 }, { sku: 'lamp' }, { customer: 'bob' }]) {
      expect(await rejection(service.place(order(change)))).toBeInstanceOf(OrderConflictError);
    }
  });

  test('placed beside us a moment ago is not announced twice', async () => {
    const { service } = orders();
    await service.place(order());
    let reads = 0;
    const late: Database = {
      transaction: (work) => database.transaction((open) => work({
        query: <Row>(text: string, parameters: readonly unknown[]) => (text.includes('customer, sku, pieces from orders') && (reads += 1) === 1 ? Promise.resolve([] as Row[]) : open.query<Row>(text, parameters)),
      })),
    };
    expect(await orders({}, late).service.place(order())).toMatchObject({ id: 'o1', state: 'pending' });
    expect([reads, (await announced()).length]).toEqual([2, 1]);
  });

  test('is not stored if it cannot be announced', async () => {
    const { service, events } = orders({ announce: () => Promise.reject(new Error('no outbox')) });
    await expect(service.place(order())).rejects.toThrow('no outbox');
    expect(await service.read('o1')).toBeUndefined();
    expect(events).toMatchObject([{ type: 'refused', order: 'o1' }]);
  });

  test('is refused for what does not exist or is no longer sold, and for whom accounts has blocked', async () => {
    const { service } = orders();
    await hear({ key: 'lamp', version: 7, body: null }, { source: 'accounts', key: 'eve', version: 2, body: { mayOrder: false } }, { source: 'accounts', key: 'gone', version: 2, body: null });
    for (const change of [{ sku: 'sofa' }, { sku: 'lamp' }, { customer: 'eve' }, { customer: 'gone' }]) {
      expect(await rejection(service.place(order(change))), JSON.stringify(change)).toBeInstanceOf(OrderRefusedError);
    }
  });

  test('of a customer nobody has told us of is taken, and accounts has a say in it', async () => {
    const { service } = orders();
    await service.place(order({ customer: 'just registered' }));
    expect((await announced())[0]!.awaits).toEqual(['inventory', 'payments', 'accounts']);
    expect([await service.decide('o1', 'inventory', true), await service.decide('o1', 'payments', true)]).toEqual(['pending', 'pending']);
    expect(await service.decide('o1', 'accounts', true)).toBe('confirmed');
  });

  test('of a caller who has left is not taken', async () => {
    const { service } = orders();
    const reason = new Error('gone');
    expect(await rejection(service.place(order(), AbortSignal.abort(reason)))).toBe(reason);
    expect(await service.read('o1')).toBeUndefined();
  });
});

describe('the copy', () => {
  test('takes the newest version, in whatever order and how often the messages come', async () => {
    expect(await hear({ version: 5, body: { priceCents: 5_000 } }, { version: 4, body: { priceCents: 1 } }, { version: 5, body: { priceCents: 2 } })).toEqual([true, false, false]);
    expect(await database.transaction((open) => lookUp(open, 'catalogue', 'kettle'))).toMatchObject({ version: '5', body: { priceCents: 5_000 } });
  });

  test('remembers what is gone, so that a late message does not bring it back', async () => {
    expect(await hear({ version: 9, body: null }, { version: 8, body: { priceCents: 1 } })).toEqual([true, false]);
    expect(await database.transaction((open) => lookUp(open, 'catalogue', 'kettle'))).toMatchObject({ body: null });
    expect(await hear({ version: 10, body: { priceCents: 4_000 } })).toEqual([true]);
  });

  test('is as old as its oldest part', async () => {
    await beat(20 * second);
    const now = await ago(0);
    await database.transaction((open) => heartbeat(open, 'catalogue', 1, now));
    const ages = await database.transaction(agesOf);
    expect(ages.catalogue).toBeGreaterThanOrEqual(20 * second);
    expect(ages.catalogue).toBeLessThan(40 * second);
  });

  test('counts as infinitely old until each part has told, and before any feed is open', async () => {
    await postgres.exec("update feed set as_of = null where source = 'catalogue' and part = 1; delete from feed where source = 'accounts'");
    expect(await database.transaction(agesOf)).toEqual({ catalogue: Infinity, accounts: Infinity });
    expect(await rejection(orders().service.place(order()))).toMatchObject({ name: 'CopyTooOldError', source: 'catalogue' });
  });

  test('does not grow older by a heartbeat that comes late, nor younger than now by a clock ahead', async () => {
    const [before, ahead] = [await ago(hour), await ago(-minute)];
    await database.transaction((open) => heartbeat(open, 'accounts', 0, before));
    expect((await database.transaction(agesOf)).accounts).toBeLessThan(minute);
    await database.transaction((open) => heartbeat(open, 'accounts', 0, ahead));
    expect((await database.transaction(agesOf)).accounts).toBeLessThan(minute);
  });

  test('grows older after a heartbeat from a clock far ahead as after any other', async () => {
    const ahead = await ago(-1_000 * hour);
    await database.transaction((open) => heartbeat(open, 'accounts', 0, ahead));
    const told = await ago(0);
    expect((await postgres.query<{ as_of: Date }>("select as_of from feed where source = 'accounts'")).rows[0]!.as_of.getTime()).toBeLessThanOrEqual(told.getTime());
  });

  test('too old for one of the sources refuses the order and says whose', async () => {
    const { service, events } = orders();
    await beat(9 * minute);
    expect((await service.place(order())).state).toBe('pending');
    await beat(11 * minute, ['catalogue']);
    const error = await rejection(service.place(order({ id: 'o2' })));
    expect(error).toBeInstanceOf(CopyTooOldError);
    expect((error as Error).message).toMatch(/^orders' copy of catalogue is 6\d{5}(\.\d+)? ms old, and may be 600000 ms old at most$/);
    expect(events.map(({ type }) => type)).toEqual(['placed', 'refused']);
    await beat(0);
    await beat(61 * minute, ['accounts']);
    expect(await rejection(service.place(order({ id: 'o3' })))).toMatchObject({ source: 'accounts' });
  });

  test('with an infinite bound answers through any outage, once it was complete', async () => {
    await beat(400 * hour);
    expect((await orders({ maxAgeMs: { catalogue: Infinity, accounts: Infinity } }).service.place(order())).state).toBe('pending');
  });
});

describe('the decision', () => {
  test('the last yes confirms, and a repeat changes nothing', async () => {
    const { service, events } = orders();
    await service.place(order());
    const states = [];
    for (const decider of ['inventory', 'inventory', 'payments', 'payments'] as const) states.push(await service.decide('o1', decider, true));
    expect(states).toEqual(['pending', 'pending', 'confirmed', 'confirmed']);
    expect((await announced()).map(({ type }) => type)).toEqual(['OrderPlaced', 'OrderConfirmed']);
    expect(events.map(({ type }) => type)).toEqual(['placed', 'confirmed']);
  });

  test('the first no rejects with its reason; a yes after it is reported as late', async () => {
    const { service, events } = orders();
    await service.place(order());
    expect(await service.decide('o1', 'inventory', false, 'sold out')).toBe('rejected');
    expect([await service.decide('o1', 'payments', true), await service.decide('o1', 'payments', false)]).toEqual(['rejected', 'rejected']);
    expect(await service.read('o1')).toMatchObject({ state: 'rejected', reason: 'inventory: sold out' });
    expect((await announced()).map(({ type }) => type)).toEqual(['OrderPlaced', 'OrderRejected']);
    expect(events.slice(1)).toEqual([{ type: 'rejected', order: 'o1' }, { type: 'late', order: 'o1', decider: 'payments' }]);
  });

  test('a no after the confirmation does not take it back: that is a cancellation', async () => {
    const { service } = orders();
    await service.place(order());
    for (const decider of ['inventory', 'payments'] as const) await service.decide('o1', decider, true);
    expect(await service.decide('o1', 'inventory', false, 'broken')).toBe('confirmed');
  });

  test('who was not asked has no say, and an order that is not there has no state', async () => {
    const { service } = orders();
    await service.place(order());
    expect(await service.decide('o1', 'accounts', false, 'unknown')).toBe('pending');
    expect(await service.decide('o2', 'accounts', true)).toBeUndefined();
  });

  test('nothing stays pending for ever: the oldest are given up first', async () => {
    const { service } = orders();
    for (const id of ['o1', 'o2', 'o3']) await service.place(order({ id }));
    await postgres.exec("update orders set placed_at = placed_at - interval '2 hours' where id = 'o1'; update orders set placed_at = placed_at - interval '3 hours' where id = 'o2'");
    expect([await service.giveUp(hour, 1), (await service.read('o2'))!.reason]).toEqual([1, 'no decision within 3600000 ms']);
    expect([await service.giveUp(hour), await service.giveUp(hour)]).toEqual([1, 0]);
    expect((await service.read('o3'))!.state).toBe('pending');
    expect((await announced()).map(({ type, order: id }) => `${type} ${id}`).slice(3)).toEqual(['OrderRejected o2', 'OrderRejected o1']);
  });
});

describe('the sum', () => {
  test('four in series at 99.9 % are down four times as long as one', () => {
    expect(inSeries([0.999, 0.999, 0.999, 0.999])).toBeCloseTo(0.996006, 6);
    expect(downtimeMs(0.999, 730 * hour) / hour).toBeCloseTo(0.73, 2);
    expect(downtimeMs(inSeries([0.999, 0.999, 0.999, 0.999]), 730 * hour) / hour).toBeCloseTo(2.92, 2);
    expect(inSeries([])).toBe(1);
  });

  test('two copies that may be an hour old leave nearly the own downtime, if outages last ten minutes on average', () => {
    const neighbour = withCopy(0.999, 10 * minute, hour);
    expect(neighbour).toBeCloseTo(0.9999975, 7);
    expect(downtimeMs(inSeries([neighbour, neighbour]), 730 * hour) / second).toBeCloseTo(13.03, 2);
    expect(downtimeMs(inSeries([0.999, neighbour, neighbour]), 730 * hour) / hour).toBeCloseTo(0.734, 3);
  });

  test('is what the two programs show: the same outages, both asked a hundred thousand times', async () => {
    const random = seeded(7);
    const [meanUpMs, meanDownMs, maxAgeMs] = [90 * minute, 10 * minute, 15 * minute];
    const each = meanUpMs / (meanUpMs + meanDownMs);
    const neighbours = Array.from({ length: 3 }, () => outages(random, meanUpMs, meanDownMs));
    let atMs = 0;
    const ask = async (neighbour: number) => {
      if (neighbours[neighbour]!.downForMs(atMs) > 0) throw new Error('connect ECONNREFUSED');
    };
    const calls: Neighbours = {
      priceOf: async () => { await ask(0); return { priceCents: 4_200 }; },
      mayOrder: async () => { await ask(1); return true; },
      reserve: async () => { await ask(2); return true; },
    };
    const { signal } = new AbortController();
    let [byCalling, byCopy] = [0, 0];
    const asked = 100_000;
    for (let request = 0; request < asked; request += 1) {
      atMs += random() * 2 * minute;
      byCalling += await placeByCalling(calls, order(), signal).then(() => 1, () => 0);
      const [catalogue, accounts] = [neighbours[0]!.downForMs(atMs), neighbours[1]!.downForMs(atMs)];
      try {
        requireFresh({ catalogue, accounts }, { catalogue: maxAgeMs, accounts: maxAgeMs });
        byCopy += 1;
      } catch (error) {
        expect(error).toBeInstanceOf(CopyTooOldError);
      }
    }
    expect(byCalling / asked).toBeCloseTo(inSeries([each, each, each]), 2);
    const copied = withCopy(each, meanDownMs, maxAgeMs);
    expect(byCopy / asked).toBeCloseTo(inSeries([copied, copied]), 2);
    expect([inSeries([each, each, each]), inSeries([copied, copied])].map((share) => share.toFixed(3))).toEqual(['0.729', '0.956']);
  });

  test('a chain that is up gives the exact answer, in three calls one after the other', async () => {
    const { signal } = new AbortController();
    const asked: string[] = [];
    const calls = (answers: Partial<Neighbours> = {}): Neighbours => ({
      priceOf: async (sku) => { asked.push(sku); return { priceCents: 4_200 }; },
      mayOrder: async (customer) => { asked.push(customer); return true; },
      reserve: async (id) => { asked.push(id); return true; },
      ...answers,
    });
    expect(await placeByCalling(calls(), order(), signal)).toBe(8_400);
    expect(asked).toEqual(['kettle', 'ada', 'o1']);
    for (const refusing of [{ priceOf: async () => undefined }, { mayOrder: async () => false }, { reserve: async () => false }]) {
      expect(await rejection(placeByCalling(calls(refusing), order(), signal))).toBeInstanceOf(OrderRefusedError);
    }
  });
});

describe('over HTTP', () => {
  const post = (body: unknown) => answer(orders().service, new Request('http://orders/orders', { method: 'POST', body: JSON.stringify(body) }));

  test('202 with the place where to ask on, and the outcome there', async () => {
    const { service } = orders();
    const accepted = await answer(service, new Request('http://orders/orders', { method: 'POST', body: JSON.stringify(order({ id: 'o/1' })) }));
    expect([accepted.status, accepted.headers.get('location')]).toEqual([202, '/orders/o%2F1']);
    await service.decide('o/1', 'inventory', false, 'sold out');
    const asked = await answer(service, new Request('http://orders/orders/o%2F1'));
    expect([asked.status, await asked.json()]).toEqual([200, { id: 'o/1', state: 'rejected', totalCents: 8_400, reason: 'inventory: sold out' }]);
  });

  test('each refusal has its status', async () => {
    expect((await post(order())).status).toBe(202);
    expect((await post(order({ pieces: 3 }))).status).toBe(409);
    expect((await post(order({ id: 'o2', sku: 'sofa' }))).status).toBe(422);
    for (const body of [null, 'order', {}, { ...order(), id: 1 }, { ...order(), customer: 1 }, { ...order(), sku: 1 }, { ...order(), pieces: '2' }, order({ pieces: 0 })]) expect((await post(body)).status, JSON.stringify(body)).toBe(400);
    await beat(11 * minute);
    const tooOld = await post(order({ id: 'o3' }));
    expect([tooOld.status, tooOld.headers.get('retry-after')]).toEqual([503, '30']);
  });

  test('what is not there is 404, broken JSON 400, and a fault of the database stays a fault', async () => {
    const { service } = orders();
    for (const [method, path] of [['GET', '/orders/none'], ['GET', '/orders/%'], ['GET', '/orders'], ['POST', '/orders/o1'], ['POST', '/']] as const) {
      expect((await answer(service, new Request(`http://orders${path}`, { method }))).status, `${method} ${path}`).toBe(404);
    }
    expect((await answer(service, new Request('http://orders/orders', { method: 'POST', body: '{' }))).status).toBe(400);
    const broken: Database = { transaction: () => Promise.reject(new Error('Connection terminated unexpectedly')) };
    await expect(answer(orders({}, broken).service, new Request('http://orders/orders/o1'))).rejects.toThrow('terminated');
    await expect(answer(orders({}, broken).service, new Request('http://orders/orders', { method: 'POST', body: JSON.stringify(order()) }))).rejects.toThrow('terminated');
  });
});

describe('values that are none', () => {
  test('are refused with their name, rule and value', async () => {
    const { service } = orders();
    await expect(service.place(order({ pieces: 1.5 }))).rejects.toThrow("'pieces' must be an integer from 1 to 1000: current value is 1.5");
    await expect(service.place(order({ pieces: 1_001 }))).rejects.toThrow('current value is 1001');
    await expect(service.place(order({ sku: '' }))).rejects.toThrow("'sku' must not be empty");
    await expect(service.giveUp(Number.NaN)).rejects.toThrow("'limitMs' must be finite and not negative: current value is NaN");
    await expect(service.giveUp(Infinity)).rejects.toThrow('current value is Infinity');
    await expect(service.giveUp(hour, 0)).rejects.toThrow("'most' must be a positive integer: current value is 0");
    expect(() => orders({ maxAgeMs: { catalogue: 0, accounts: hour } })).toThrow("'maxAgeMs.catalogue' must be above 0: current value is 0");
    await expect(hear({ version: 1.5 })).rejects.toThrow("'version' must be an integer: current value is 1.5");
    await expect(hear({ version: 99, body: undefined })).rejects.toThrow("'body' must be JSON or null");
    await expect(database.transaction((open) => openFeed(open, 'catalogue', 0))).rejects.toThrow("'parts' must be a positive integer: current value is 0");
    await expect(database.transaction((open) => heartbeat(open, 'accounts', 5, new Date(0)))).rejects.toThrow('accounts has no part 5');
    expect(() => inSeries([0.9, 1.1])).toThrow('An availability must be from 0 to 1: current value is 1.1');
    expect(() => inSeries([Number.NaN])).toThrow('current value is NaN');
    expect(() => withCopy(0.9, 0, 1)).toThrow("'meanOutageMs' must be above 0: current value is 0");
    expect(() => downtimeMs(0.9, -1)).toThrow("'periodMs' must be above 0: current value is -1");
  });

  test('an event hook is optional', async () => {
    const service = new OrderService(database, { maxAgeMs: { catalogue: hour, accounts: hour }, announce: async () => {} });
    expect((await service.place(order())).state).toBe('pending');
    expect(await rejection(service.place(order({ id: 'o2', sku: 'sofa' })))).toBeInstanceOf(OrderRefusedError);
  });
});

/** Up and down in turn, for times that are exponential. Asked with growing times. */
function outages(random: () => number, meanUpMs: number, meanDownMs: number) {
  let [downFromMs, upFromMs] = [0, 0];
  const lasting = (meanMs: number): number => -Math.log(1 - random()) * meanMs;
  return {
    downForMs(atMs: number): number {
      while (upFromMs <= atMs) {
        downFromMs = upFromMs + lasting(meanUpMs);
        upFromMs = downFromMs + lasting(meanDownMs);
      }
      return Math.max(0, atMs - downFromMs);
    },
  };
}

/** A small generator (mulberry32): what fails, fails again. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
