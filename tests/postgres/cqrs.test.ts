/** Two sessions meet: of commands at the feed, and of one projector at its checkpoint. */
import { beforeEach, describe, expect, test } from 'vitest';
import { handle, localFeed, overviewProjection, Projector, readAtLeast, readOverview, remoteFeed, sumUpOrders } from '../../src/examples/cqrs/cqrs.ts';
import type { Database, OrderCommand, Projection, ProjectorEvent } from '../../src/examples/cqrs/cqrs.ts';
import { view } from '../../src/examples/cqrs/overview.ts';
import { readSchema, statements, writeSchema } from '../../src/examples/cqrs/schema.ts';
import { serve } from '../../src/examples/cqrs/upkeep.ts';
import { useDatabase } from './database.ts';

const database = useDatabase(`${writeSchema} ${readSchema}`);
/** For a read side that stands elsewhere. */
const elsewhere = useDatabase(readSchema);
const first = `${view}/1`;
beforeEach(() => database.transaction(async ({ query }) => {
  // What a failed test has left open would hold up the others for ever.
  await query("set local lock_timeout = '2s'", []);
  await query('truncate orders, projections, serving, customer_overview, changes restart identity', []);
}));

const place = (order: string, customer = 'ada'): OrderCommand => ({ type: 'place', order, customer, cents: 100 });
const record = (order: string) => [statements.record, ['OrderPlaced', JSON.stringify({ order, customer: 'ada', cents: 100 })]] as const;
const seen = async (after = 0) => (await database.transaction((transaction) => localFeed(after, 100, transaction))).map(({ position }) => position);
const untilSomebodyWaits = () => expect.poll(async () => (await database.query("select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()")).length, { timeout: 10_000 }).toBe(1);
const checkpoint = async () => (await database.query<{ position: number }>('select position::integer from projections'))[0]?.position;
const ordersSeen = async () => (await database.query<{ orders: number }>('select orders from customer_overview'))[0]?.orders;

describe('two commands record a change', () => {
  test('the second draws its position when the first has ended, whichever way', async () => {
    for (const [ending, expected] of [['commit', [1, 2, 3]], ['rollback', [6]]] as const) {
      const [one, other] = [await database.session(), await database.session()];
      await one.query('begin');
      await one.query(...record('a'));
      const late = other.query<{ position: number }>(...record('b'));
      await untilSomebodyWaits();
      // The one that waits has drawn nothing yet: ours is the next number.
      const [again] = await one.query<{ position: number }>(...record('c'));
      expect(await seen(ending === 'commit' ? 0 : 3)).toEqual([]);
      await one.query(ending);
      expect((await late)[0]!.position).toBe(again!.position + 1);
      expect(await seen(ending === 'commit' ? 0 : 3)).toEqual(expected);
    }
  });

  test('without the lock a reader passes a change that commits late, and never sees it', async () => {
    const [one, other] = [await database.session(), await database.session()];
    const bare = "insert into changes (type, data) values ('OrderPlaced', '{}')";
    await one.query('begin');
    await one.query(bare);
    await other.query(bare);
    expect(await seen()).toEqual([2]);
    await one.query('commit');
    expect([await seen(), await seen(2)]).toEqual([[1, 2], []]);
  });

  test('one order placed twice at the same moment is one order and one change', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => handle(database, place('o1'))));
    expect([new Set(answers), await seen()]).toEqual([new Set([1]), [1]]);
  });

  test('shipped and cancelled at the same moment: one of them is refused', async () => {
    for (let round = 0; round < 10; round += 1) {
      const order = `race-${round}`;
      await handle(database, place(order));
      const answers = await Promise.allSettled((['ship', 'cancel'] as const).map((type) => handle(database, { type, order })));
      expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    }
    expect(await seen()).toHaveLength(20);
  });
});

describe('two sessions of one projector', () => {
  /** Stops within its transaction, with changes applied and not committed, until `goOn`. */
  const stalling = () => {
    const [reached, goOn] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const { apply } = overviewProjection();
    const projection: Projection = { name: first, apply: async (transaction, change) => {
      await apply(transaction, change);
      reached.resolve();
      await goOn.promise;
    } };
    return { projection, reached: reached.promise, goOn: goOn.resolve };
  };

  test('the second stands by instead of waiting, and changes are applied once', async () => {
    await handle(database, place('o1'));
    await new Projector(database, localFeed, overviewProjection()).pass();
    await handle(database, place('o2'));
    const { projection, reached, goOn } = stalling();
    const slow = new Projector(database, localFeed, projection).pass();
    await reached;
    const events: ProjectorEvent[] = [];
    const second = new Projector(database, localFeed, overviewProjection(), { onEvent: (event) => void events.push(event) });
    expect(await second.pass()).toBe(0);
    expect([events, await ordersSeen()]).toEqual([[{ type: 'standby' }], 1]);
    goOn();
    expect([await slow, await second.pass(), await ordersSeen()]).toEqual([1, 0, 2]);
  });

  test('the first loses its connection after it has applied: the second applies the same, and the view counts once', async () => {
    await handle(database, place('o1'));
    await new Projector(database, localFeed, overviewProjection()).pass();
    await handle(database, place('o2'));
    const { projection, reached, goOn } = stalling();
    const session = await database.session();
    const over: Database = { transaction: async (work) => {
      await session.query('begin');
      const result = await work(session);
      await session.query('commit');
      return result;
    } };
    const slow = new Projector(over, localFeed, projection).pass().catch((error: unknown) => error);
    await reached;
    session.drop();
    const second = new Projector(database, localFeed, overviewProjection());
    await expect.poll(() => second.pass(), { timeout: 10_000 }).toBe(1);
    // The first wakes up and wants to go on: its transaction is gone.
    goOn();
    expect(await slow).toBeInstanceOf(Error);
    expect([await ordersSeen(), await checkpoint()]).toEqual([2, 2]);
  });

  test('two that begin at the same moment make one checkpoint', async () => {
    await handle(database, place('o1'));
    const passes = await Promise.all(Array.from({ length: 4 }, () => new Projector(database, localFeed, overviewProjection()).pass()));
    expect([passes.reduce((sum, each) => sum + each), await ordersSeen()]).toEqual([1, 1]);
  });

  test('three of them while twelve customers order: each author sees the own order at the position of the command', async () => {
    const stop = new AbortController();
    await new Projector(database, localFeed, overviewProjection()).pass();
    await serve(database, view, first);
    const running = Array.from({ length: 3 }, () => new Projector(database, localFeed, overviewProjection(), { batchSize: 5, pollMs: 3 }).run(stop.signal));
    await Promise.all(Array.from({ length: 12 }, async (_, number) => {
      const customer = `c${number}`;
      for (let order = 1; order <= 8; order += 1) {
        const position = await handle(database, place(`${customer}-${order}`, customer));
        if (order % 3 === 0) await handle(database, { type: 'cancel', order: `${customer}-${order}` });
        const found = await readAtLeast(position, () => readOverview(database, customer), { waitMs: 20_000, pollMs: 2 });
        expect(found.view.orders).toBe(order);
      }
      const { view: overview } = await readAtLeast(12 * 10, () => readOverview(database, customer), { waitMs: 20_000 });
      expect(overview).toEqual({ orders: 8, open: 6, cents: 600 });
      expect(await sumUpOrders(database, customer)).toEqual(overview);
    }));
    stop.abort();
    await Promise.all(running);
  });
});

test('another copy takes over while the first is being moved: no reader goes back', async () => {
  const second = `${view}/2`;
  for (const name of [first, second]) {
    await handle(database, place(`for ${name}`));
    await new Projector(database, localFeed, overviewProjection(first)).pass();
    await new Projector(database, localFeed, overviewProjection(second)).pass();
  }
  await serve(database, view, first);
  await handle(database, place('o3'));
  const mover = await database.session();
  await mover.query('begin');
  await mover.query(statements.moveTo, [first, 3]);
  const swap = serve(database, view, second);
  await untilSomebodyWaits();
  await mover.query('commit');
  // The second was as far when the swap began, and is not any more.
  expect(await swap).toBe(false);
  expect((await readOverview(database, 'ada')).position).toBe(3);
  await new Projector(database, localFeed, overviewProjection(second)).pass();
  expect(await serve(database, view, second)).toBe(true);
});

test('of two copies that take over at the same moment, the one behind does not win', async () => {
  const [second, third] = [`${view}/2`, `${view}/3`];
  await handle(database, place('o1'));
  for (const name of [first, second]) await new Projector(database, localFeed, overviewProjection(name)).pass();
  await serve(database, view, first);
  await handle(database, place('o2'));
  await new Projector(database, localFeed, overviewProjection(third)).pass();
  const other = await database.session();
  await other.query('begin');
  expect(await serve({ transaction: (work) => work(other) }, view, third)).toBe(true);
  const swap = serve(database, view, second);
  await untilSomebodyWaits();
  await other.query('commit');
  expect(await swap).toBe(false);
  expect((await readOverview(database, 'ada')).position).toBe(2);
});

test('with the view in another database, only the feed is another one', async () => {
  for (let order = 1; order <= 5; order += 1) await handle(database, place(`o${order}`));
  const projector = new Projector(elsewhere, remoteFeed(database), overviewProjection(), { batchSize: 2 });
  expect([await projector.pass(), await projector.pass(), await projector.pass()]).toEqual([2, 2, 1]);
  await serve(elsewhere, view, first);
  const position = await handle(database, place('o6'));
  await projector.pass();
  expect(await readAtLeast(position, () => readOverview(elsewhere, 'ada'))).toEqual({ view: await sumUpOrders(database, 'ada'), position });
});
