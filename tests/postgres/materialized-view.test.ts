/** Two sessions meet: of the sources at a row, of readers at a refresh, and of a rebuild with the changes. */
import { beforeEach, describe, expect, test } from 'vitest';
import { apply, page, rebuild, serve } from '../../src/examples/materialized-view/materialized-view.ts';
import type { Change } from '../../src/examples/materialized-view/materialized-view.ts';
import { refresh, salesOf, salesSchema } from '../../src/examples/materialized-view/refresh.ts';
import { listSchema } from '../../src/examples/materialized-view/schema.ts';
import { useDatabase } from './database.ts';
import type { Session } from './database.ts';

const database = useDatabase(`${listSchema} ${salesSchema}`);
beforeEach(() => database.transaction(async ({ query }) => {
  // What a failed test has left open would hold up the others for ever.
  await query("set local lock_timeout = '2s'", []);
  await query('truncate copies, serving, heard, customer_names, order_list, sales, refreshes', []);
  await query('refresh materialized view sales_by_day with no data', []);
}));

async function* listing(...pages: Change[][]): AsyncGenerator<Change[]> { yield* pages; }
const order = (id: string, version: number, customer: string, cents = 100): Change => ({ source: 'orders', id, version, is: { customer, cents } });
const customer = (id: string, version: number, name: string): Change => ({ source: 'accounts', id, version, is: { name } });
const hear = (change: Change) => database.transaction((open) => apply(open, change));
const within = (session: Session) => ({ query: <Row>(text: string, parameters: readonly unknown[]) => session.query<Row>(text, parameters) });
const waiting = async () => (await database.query("select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()")).length;
const untilSomebodyWaits = () => expect.poll(waiting, { timeout: 10_000 }).toBe(1);
const shown = async (): Promise<string[]> => (await page(database, 1_000)).orders.map(({ id, name, cents }) => `${name}: ${id} ${cents}`);

describe('an order and the name of its customer at the same moment', () => {
  test('the second waits for the first and finds it, whichever it is, and whether the customer was known', async () => {
    await rebuild(database, 'v1', listing());
    await serve(database, 'v1');
    for (const isKnown of [false, true]) {
      for (const [at, [first, second]] of ([[order('o1', 1, 'c1'), customer('c1', 2, 'Ada')], [customer('c1', 2, 'Ada'), order('o1', 1, 'c1')]] as const).entries()) {
        await database.query('truncate customer_names, order_list');
        if (isKnown) await hear(customer('c1', 1, 'Eve'));
        const session = await database.session();
        await session.query('begin');
        await apply(within(session), first);
        const late = hear(second);
        await untilSomebodyWaits();
        await session.query('commit');
        await late;
        expect([isKnown, at, await shown()]).toEqual([isKnown, at, ['Ada: o1 100']]);
      }
    }
  });

  test('without the lock each misses the other, and the name stays away for ever', async () => {
    await rebuild(database, 'v1', listing());
    await serve(database, 'v1');
    const session = await database.session();
    await session.query('begin');
    // As it would be without "meet": the row with whatever name is to be seen.
    await session.query(`insert into order_list select 'v1', 'o1', 1, 'c1', (select name from customer_names where copy = 'v1' and id = 'c1'), 100, false`);
    await hear(customer('c1', 1, 'Ada'));
    await session.query('commit');
    expect(await shown()).toEqual(['null: o1 100']);
  });

  test('both take the copies in the same order, also when these were made in another', async () => {
    await rebuild(database, 'v2', listing());
    await rebuild(database, 'v1', listing());
    await serve(database, 'v1');
    await hear(customer('c1', 1, 'Eve'));
    const session = await database.session();
    await session.query('begin');
    await session.query("select 1 from customer_names where copy = 'v1' for update");
    const first = hear(order('o1', 1, 'c1'));
    await untilSomebodyWaits();
    const second = hear(customer('c1', 2, 'Ada'));
    await expect.poll(waiting, { timeout: 10_000 }).toBe(2);
    await session.query('commit');
    await Promise.all([first, second]);
    expect(await shown()).toEqual(['Ada: o1 100']);
  });

  test('many at once, in any order: each order has its name, and the newest version is kept', async () => {
    await rebuild(database, 'v1', listing());
    await rebuild(database, 'v2', listing());
    await serve(database, 'v2');
    const changes = Array.from({ length: 12 }, (_, at) => [order(`o${at}`, 1, `c${at % 3}`), order(`o${at}`, 2, `c${at % 3}`, 200 + at)]).flat();
    const names = [1, 2, 3].flatMap((version) => [0, 1, 2].map((at) => customer(`c${at}`, version, `Name ${at} of ${version}`)));
    await Promise.all([...changes, ...names].map((change, at) => ({ change, key: (at * 17) % 33 })).sort((a, b) => a.key - b.key).map(({ change }) => hear(change)));
    const expected = Array.from({ length: 12 }, (_, at) => `Name ${at % 3} of 3: o${at} ${200 + at}`).sort();
    expect((await shown()).toSorted()).toEqual(expected);
  });
});

describe('a rebuild while changes come', () => {
  test('ends with what the owners have, though it was listed earlier', async () => {
    await rebuild(database, 'v1', listing());
    const owned = new Map<string, { version: number; cents: number }>(Array.from({ length: 20 }, (_, at) => [`o${at}`, { version: 1, cents: at }]));
    const changing: Promise<void>[] = [];
    const change = (id: string): void => {
      const next = { version: owned.get(id)!.version + 1, cents: owned.get(id)!.cents + 1_000 };
      owned.set(id, next);
      changing.push(hear(order(id, next.version, 'c1', next.cents)));
    };
    await rebuild(database, 'v2', (async function* () {
      for (let start = 0; start < 20; start += 5) {
        const ids = [...owned.keys()].slice(start, start + 5);
        const listed = ids.map((id) => order(id, owned.get(id)!.version, 'c1', owned.get(id)!.cents));
        for (const id of owned.keys()) if ((id.length + start) % 2 === 0) change(id);
        yield listed;
      }
    })());
    await Promise.all(changing);
    await serve(database, 'v2');
    expect(await shown()).toEqual([...owned].map(([id, { cents }]) => `null: ${id} ${cents}`).sort());
  });
});

describe('readers and a refresh of the whole', () => {
  const sales = async () => (await salesOf(database, '2026-11-28')).sales.map(({ cents }) => cents);
  const sell = (cents: number) => database.query("insert into sales values ('kettle', '2026-11-28', $1)", [cents]);

  test('beside the readers: they see the old rows and the old age until the commit', async () => {
    await sell(100);
    await refresh(database);
    const before = (await database.query<{ as_of: Date }>('select as_of from refreshes'))[0]!.as_of;
    await sell(50);
    const session = await database.session();
    await session.query('begin');
    await refresh({ transaction: (work) => work(within(session)) });
    expect(await sales()).toEqual([100]);
    expect((await database.query<{ as_of: Date }>('select as_of from refreshes'))[0]!.as_of).toEqual(before);
    await session.query('commit');
    expect(await sales()).toEqual([150]);
    expect((await database.query<{ as_of: Date }>('select as_of from refreshes'))[0]!.as_of.getTime()).toBeGreaterThan(before.getTime());
  });

  test('without CONCURRENTLY a reader waits for the whole refresh', async () => {
    await sell(100);
    await refresh(database);
    const session = await database.session();
    await session.query('begin');
    await session.query('refresh materialized view sales_by_day');
    const reader = sales();
    await untilSomebodyWaits();
    await session.query('rollback');
    expect(await reader).toEqual([100]);
  });

  test('a second refresh does not queue behind the first', async () => {
    await sell(100);
    await refresh(database);
    const session = await database.session();
    await session.query('begin');
    expect(await refresh({ transaction: (work) => work(within(session)) })).toBe(true);
    expect(await refresh(database)).toBe(false);
    await session.query('commit');
    expect(await refresh(database)).toBe(true);
  });

  test('one that does not end is ended, and gives its turn back', async () => {
    await sell(100);
    await refresh(database);
    const session = await database.session();
    await session.query('begin');
    await session.query('lock table sales in access exclusive mode');
    await expect(refresh(database, 300)).rejects.toThrow('statement timeout');
    await session.query('rollback');
    expect([await sales(), await refresh(database)]).toEqual([[100], true]);
  });

  test('beside readers only with a unique index and contents', async () => {
    await database.query(`
      create table visits (page text not null);
      create materialized view visits_by as select page, count(*) as visits from visits group by page with no data`);
    const beside = () => database.query('refresh materialized view concurrently visits_by');
    try {
      await expect(beside()).rejects.toThrow('not populated');
      await database.query('refresh materialized view visits_by');
      await expect(beside()).rejects.toThrow('cannot refresh materialized view "public.visits_by" concurrently');
      await database.query('create unique index on visits_by (page)');
      await beside();
    } finally {
      await database.query('drop table visits cascade');
    }
  });

  test('a null in the unique index makes a row new each time', async () => {
    await database.query(`
      create table visits (page text, referrer text);
      create materialized view visits_by as select page, referrer, count(*) as visits from visits group by page, referrer;
      create unique index on visits_by (page, referrer)`);
    await database.query(`insert into visits values ('home', 'a'), ('home', null)`);
    await database.query('refresh materialized view concurrently visits_by');
    const places = () => database.query<{ referrer: string | null; ctid: string }>('select referrer, ctid::text from visits_by order by referrer nulls last');
    const before = await places();
    await database.query('refresh materialized view concurrently visits_by');
    const after = await places();
    expect([after[0]?.ctid === before[0]?.ctid, after[1]?.ctid === before[1]?.ctid]).toEqual([true, false]);
  });
});
