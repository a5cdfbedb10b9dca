import { PGlite } from '@electric-sql/pglite';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { apply, forget, heard, page, rebuild, serve, ViewMissingError } from './materialized-view.ts';
import type { Change, Database } from './materialized-view.ts';
import { refresh, salesOf, salesSchema } from './refresh.ts';
import { listSchema } from './schema.ts';

// A real PostgreSQL with one session. Two sessions meet in tests/postgres/materialized-view.test.ts.
let postgres: PGlite;
let database: Database;
beforeAll(async () => {
  postgres = await PGlite.create();
  await postgres.exec(`${listSchema} ${salesSchema}`);
  database = {
    transaction: (work) => postgres.transaction((open) => work({
      query: async <Row>(text: string, parameters: readonly unknown[]) => (await open.query<Row>(text, [...parameters])).rows,
    })),
  };
}, 120_000);
afterAll(() => postgres.close());
beforeEach(() => postgres.exec('truncate copies, serving, heard, customer_names, order_list, sales, refreshes; refresh materialized view sales_by_day with no data'));

const order = (id: string, version: number, customer: string, cents = 100): Change => ({ source: 'orders', id, version, is: { customer, cents } });
const orderGone = (id: string, version: number): Change => ({ source: 'orders', id, version, is: 'gone' });
const customer = (id: string, version: number, name: string): Change => ({ source: 'accounts', id, version, is: { name } });
const customerGone = (id: string, version: number): Change => ({ source: 'accounts', id, version, is: 'gone' });
const hear = async (...changes: Change[]): Promise<void> => {
  for (const change of changes) await database.transaction((open) => apply(open, change));
};
async function* listing(...pages: Change[][]): AsyncGenerator<Change[]> { yield* pages; }
const build = async (copy = 'v1', ...pages: Change[][]): Promise<void> => {
  await rebuild(database, copy, listing(...pages));
  expect(await serve(database, copy)).toBe(true);
};
/** Orders says that it has told everything until then, by the clock of the database. */
const tell = async (offsetMs: number): Promise<void> => {
  const [row] = (await postgres.query<{ at: Date }>(`select clock_timestamp() + $1 * interval '1 millisecond' as at`, [offsetMs])).rows;
  await database.transaction((open) => heard(open, 'orders', row!.at));
};
const shown = async (size = 100): Promise<string[]> => (await page(database, size)).orders.map(({ id, name, cents }) => `${name ?? '?'}: ${id} ${cents}`);

describe('the join', () => {
  test('whichever comes first, the order or the name of its customer', async () => {
    await build();
    await hear(order('o1', 1, 'c1'), customer('c1', 1, 'Ada'), customer('c2', 1, 'Bob'), order('o2', 1, 'c2'));
    expect(await shown()).toEqual(['Ada: o1 100', 'Bob: o2 100']);
  });

  test('an order is shown before its name is known', async () => {
    await build();
    await hear(order('o1', 1, 'c1'));
    expect((await page(database, 10)).orders).toEqual([{ id: 'o1', customer: 'c1', name: null, cents: 100 }]);
  });

  test('a new name reaches all orders of the customer and no others', async () => {
    await build();
    await hear(customer('c1', 1, 'Ada'), customer('c2', 1, 'Bob'), order('o1', 1, 'c1'), order('o2', 1, 'c1'), order('o3', 1, 'c2'), customer('c1', 2, 'Zoe'));
    expect(await shown()).toEqual(['Bob: o3 100', 'Zoe: o1 100', 'Zoe: o2 100']);
  });

  test('what comes twice or late changes nothing', async () => {
    await build();
    await hear(order('o1', 3, 'c1', 300), order('o1', 2, 'c2', 200), order('o1', 3, 'c1', 300), customer('c1', 2, 'Ada'), customer('c1', 1, 'Eve'));
    expect(await shown()).toEqual(['Ada: o1 300']);
  });

  test('what is gone stays gone when a late change comes', async () => {
    await build();
    await hear(customer('c1', 1, 'Ada'), order('o1', 1, 'c1'), orderGone('o1', 3), order('o1', 2, 'c1', 200), orderGone('o2', 5), order('o2', 4, 'c1'));
    expect(await shown()).toEqual([]);
    await hear(order('o1', 4, 'c1', 400), orderGone('o1', 3));
    expect(await shown()).toEqual(['Ada: o1 400']);
  });

  test('a customer who is gone leaves orders without a name', async () => {
    await build();
    await hear(customer('c1', 1, 'Ada'), order('o1', 1, 'c1'), customerGone('c1', 2));
    expect(await shown()).toEqual(['?: o1 100']);
  });

  test('a crash before the commit leaves nothing of a change', async () => {
    await build();
    await expect(database.transaction(async (open) => {
      await apply(open, order('o1', 1, 'c1'));
      throw new Error('the process died');
    })).rejects.toThrow('the process died');
    expect(await shown()).toEqual([]);
  });

  test('any order of the same changes, some of them twice, makes the same view', async () => {
    const changes = [customer('c1', 1, 'Ada'), customer('c1', 2, 'Zoe'), customer('c2', 1, 'Bob'), order('o1', 1, 'c1'), order('o1', 2, 'c2', 250), order('o2', 1, 'c1'), order('o3', 1, 'c2'), orderGone('o3', 2)];
    let seed = 7;
    const random = (): number => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647;
    for (let round = 0; round < 12; round++) {
      const copy = `round ${round}`;
      await build(copy);
      await hear(...[...changes, ...changes.filter(() => random() < 0.3)].map((change) => ({ change, at: random() })).sort((a, b) => a.at - b.at).map(({ change }) => change));
      expect(await shown()).toEqual(['Bob: o1 250', 'Zoe: o2 100']);
      await postgres.query('truncate copies, serving, customer_names, order_list');
    }
  });

  test('refuses a version that cannot be compared', async () => {
    await expect(hear(order('o1', -1, 'c1'))).rejects.toThrow(new RangeError('version of o1 must be an integer of at least 0: current value is -1'));
    await expect(hear(order('o1', 1.5, 'c1'))).rejects.toThrow(RangeError);
  });
});

describe('reading', () => {
  test('pages by name and id, none twice and none left out', async () => {
    await build('v1', [customer('c1', 1, 'Ada'), customer('c2', 1, 'Bob'), order('o4', 1, 'c1'), order('o1', 1, 'c2'), order('o3', 1, 'c1'), order('o2', 1, 'c3')]);
    const ids: string[] = [];
    for (let after: Parameters<typeof page>[2]; ;) {
      const { orders } = await page(database, 2, after);
      if (orders.length === 0) break;
      ids.push(...orders.map(({ id }) => id));
      after = orders.at(-1);
    }
    expect(ids).toEqual(['o2', 'o3', 'o4', 'o1']);
  });

  test('says how old each source is, and infinitely old before its first word', async () => {
    await build();
    expect((await page(database, 1)).ageMs).toEqual({ orders: Infinity, accounts: Infinity });
    await tell(-60_000);
    const { ageMs } = await page(database, 1);
    expect(ageMs.orders).toBeGreaterThanOrEqual(59_000);
    expect(ageMs.orders).toBeLessThan(90_000);
    expect(ageMs.accounts).toBe(Infinity);
  });

  test('an older word makes nothing older, and a clock that is ahead nothing younger than now', async () => {
    await build();
    for (const offsetMs of [-10_000, -60_000]) await tell(offsetMs);
    expect((await page(database, 1)).ageMs.orders).toBeLessThan(40_000);
    await tell(3_600_000);
    await postgres.query('select pg_sleep(0.05)');
    expect((await page(database, 1)).ageMs.orders).toBeGreaterThanOrEqual(50);
  });

  test('refuses when no copy answers, and a page without a size', async () => {
    await expect(page(database, 1)).rejects.toThrow(ViewMissingError);
    await expect(page(database, 0)).rejects.toThrow(new RangeError('size must be a positive integer: current value is 0'));
  });
});

describe('a copy beside the other', () => {
  test('is not read while it is filled, gets every change, and takes over in one step', async () => {
    await build('v1', [customer('c1', 1, 'Ada'), order('o1', 1, 'c1')]);
    await rebuild(database, 'v2', (async function* () {
      yield [order('o1', 1, 'c1')];
      await hear(order('o2', 1, 'c1'));
      expect(await serve(database, 'v2')).toBe(false);
      expect(await shown()).toEqual(['Ada: o1 100', 'Ada: o2 100']);
      yield [customer('c1', 1, 'Ada')];
    })());
    expect(await serve(database, 'v2')).toBe(true);
    await forget(database, 'v1');
    expect(await shown()).toEqual(['Ada: o1 100', 'Ada: o2 100']);
  });

  test('a listing that is older than a change does not undo it', async () => {
    await build('v1');
    await rebuild(database, 'v2', (async function* () {
      const listed = [order('o1', 1, 'c1', 100), order('o2', 1, 'c1', 100), customer('c1', 1, 'Ada')];
      await hear(order('o1', 2, 'c1', 222), orderGone('o2', 2), customer('c1', 2, 'Zoe'));
      yield listed;
    })());
    await serve(database, 'v2');
    expect(await shown()).toEqual(['Zoe: o1 222']);
  });

  test('what the owner lists as gone stays gone in the new copy; what it does not name comes back with a late change', async () => {
    await build('v1', [order('o1', 1, 'c1'), order('o2', 1, 'c1')]);
    await hear(orderGone('o1', 2), orderGone('o2', 2));
    await build('v2', [orderGone('o1', 2)]);
    await hear(order('o1', 1, 'c1'), order('o2', 1, 'c1'));
    expect(await shown()).toEqual(['?: o2 100']);
  });

  test('does not carry over what the old one had wrong', async () => {
    await build('v1', [order('o1', 1, 'c1'), customer('c1', 1, 'Ada')]);
    await postgres.exec(`update order_list set cents = 0; insert into order_list values ('v1', 'ghost', 1, 'c1', 'Ada', 1, false)`);
    await build('v2', [order('o1', 1, 'c1'), customer('c1', 1, 'Ada')]);
    expect(await shown()).toEqual(['Ada: o1 100']);
  });

  test('may be begun again after a crash', async () => {
    await build('v1');
    await expect(rebuild(database, 'v2', (async function* () {
      yield [order('o1', 1, 'c1')];
      throw new Error('the process died');
    })())).rejects.toThrow('the process died');
    expect(await serve(database, 'v2')).toBe(false);
    await build('v2', [order('o1', 1, 'c1')], [customer('c1', 1, 'Ada')]);
    expect(await shown()).toEqual(['Ada: o1 100']);
  });

  test('filling one copy leaves the other as it is', async () => {
    await build('v1');
    await rebuild(database, 'v2', listing([order('o1', 1, 'c1'), orderGone('o2', 1), customer('c1', 1, 'Ada')]));
    expect((await postgres.query(`select id from order_list where copy = 'v1' union select id from customer_names where copy = 'v1'`)).rows).toEqual([]);
  });

  test('an older name in the listing of one copy does not reach the other', async () => {
    await build('v1', [customer('c1', 2, 'Zoe'), order('o1', 1, 'c1')]);
    await rebuild(database, 'v2', listing([order('o1', 1, 'c1'), customer('c1', 1, 'Ada')]));
    expect(await shown()).toEqual(['Zoe: o1 100']);
  });

  test('the one that answers cannot be removed; one that is not there cannot answer', async () => {
    await build('v1', [order('o1', 1, 'c1')]);
    await expect(forget(database, 'v1')).rejects.toThrow('serving');
    expect(await serve(database, 'v9')).toBe(false);
    expect(await shown()).toEqual(['?: o1 100']);
  });
});

describe('refreshed as a whole', () => {
  const sell = (sku: string, cents: number, day = '2026-11-28') => postgres.query('insert into sales values ($1, $2, $3)', [sku, day, cents]);

  test('the first refresh fills it, later ones replace it beside the readers', async () => {
    await expect(salesOf(database, '2026-11-28')).rejects.toThrow(ViewMissingError);
    await sell('kettle', 500);
    expect(await refresh(database)).toBe(true);
    await sell('kettle', 700);
    expect((await salesOf(database, '2026-11-28')).sales).toEqual([{ sku: 'kettle', pieces: 1, cents: 500 }]);
    expect(await refresh(database)).toBe(true);
    expect((await salesOf(database, '2026-11-28')).sales).toEqual([{ sku: 'kettle', pieces: 2, cents: 1_200 }]);
    expect((await salesOf(database, '2026-11-27')).sales).toEqual([]);
  });

  test('while another refresh is at work nothing is computed', async () => {
    const asked: string[] = [];
    const busy: Database = { transaction: (work) => work({ query: async <Row>(text: string) => { asked.push(text); return [{ mine: false }] as Row[]; } }) };
    expect(await refresh(busy)).toBe(false);
    expect(asked.filter((text) => text.includes('materialized'))).toEqual([]);
  });

  test('says how old it is, from before the query looked', async () => {
    await refresh(database);
    await postgres.query("update refreshes set as_of = as_of - interval '1 hour'");
    expect((await salesOf(database, '2026-11-28')).ageMs).toBeGreaterThan(3_599_000);
    await refresh(database);
    const [row] = (await postgres.query<{ ok: boolean }>('select as_of < clock_timestamp() and took_ms > 0 as ok from refreshes')).rows;
    expect([(await salesOf(database, '2026-11-28')).ageMs < 60_000, row?.ok]).toEqual([true, true]);
  });

  test('a refresh that fails leaves contents and age as they were', async () => {
    await sell('kettle', 500);
    await refresh(database);
    const age = async () => (await postgres.query<{ as_of: Date }>('select as_of from refreshes')).rows[0]!.as_of.getTime();
    const before = await age();
    await sell('kettle', 2_147_483_647); // the sum does not fit
    await expect(refresh(database)).rejects.toThrow('out of range');
    expect([await age(), (await salesOf(database, '2026-11-28')).sales]).toEqual([before, [{ sku: 'kettle', pieces: 1, cents: 500 }]]);
  });
});
