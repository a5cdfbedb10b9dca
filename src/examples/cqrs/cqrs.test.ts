import { PGlite } from '@electric-sql/pglite';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { VirtualClock } from '../virtual-clock.ts';
import { handle, localFeed, OrderRefusedError, overviewProjection, Projector, readAtLeast, readOverview, remoteFeed, sumUpOrders, ViewBehindError, ViewMissingError } from './cqrs.ts';
import type { Change, Database, Found, OrderCommand, Projection, ProjectorEvent, ProjectorOptions } from './cqrs.ts';
import { view } from './overview.ts';
import type { Overview } from './overview.ts';
import { readSchema, statements, writeSchema } from './schema.ts';
import { forget, lag, serve } from './upkeep.ts';

// A real PostgreSQL with one session. Two sessions meet in tests/postgres/cqrs.test.ts.
let postgres: PGlite;
let database: Database;
beforeAll(async () => {
  postgres = await PGlite.create({ postgresqlconf: ['max_prepared_transactions=10'] });
  await postgres.exec(`${writeSchema} ${readSchema}`);
  database = {
    transaction: (work) => postgres.transaction((open) => work({
      query: async <Row>(text: string, parameters: readonly unknown[]) => (await open.query<Row>(text, [...parameters])).rows,
    })),
  };
}, 120_000);
afterAll(() => postgres.close());
beforeEach(() => postgres.exec('truncate orders, projections, serving, customer_overview, changes restart identity'));

const first = `${view}/1`;
const place = (order: string, customer = 'ada', cents = 1_000): OrderCommand => ({ type: 'place', order, customer, cents });
const ship = (order: string): OrderCommand => ({ type: 'ship', order });
const cancel = (order: string): OrderCommand => ({ type: 'cancel', order });
const run = async (...commands: OrderCommand[]) => {
  for (const command of commands) await handle(database, command);
};
const recording = (options: ProjectorOptions = {}) => {
  const events: ProjectorEvent[] = [];
  return { events, options: { ...options, onEvent: (event: ProjectorEvent) => void events.push(event) } };
};
const projectorWith = (options: ProjectorOptions = {}, projection: Projection = overviewProjection(), over: Database = database) => new Projector(over, localFeed, projection, options);
const rowsOf = async <Row>(text: string) => (await postgres.query<Row>(text)).rows;
const changesNow = () => rowsOf<{ position: number; type: string }>('select position::integer, type from changes order by position');
const checkpoint = async (name = first) => (await rowsOf<{ position: number }>(`select position::integer from projections where name = '${name}'`))[0]?.position;
const kept = async (customer = 'ada', name = first) => (await rowsOf<Overview>(`select orders, open, cents::integer from customer_overview where customer = '${customer}' and projection = '${name}'`))[0];
/** The process dies after `work`, before the commit. */
const dying: Database = { transaction: (work) => database.transaction(async (transaction) => work(transaction).then(() => { throw new Error('the process died'); })) };

describe('the write side', () => {
  test('an order and its change are written together; the answer is the position of the change', async () => {
    expect(await handle(database, place('o1', 'ada', 4_200))).toBe(1);
    expect(await handle(database, ship('o1'))).toBe(2);
    expect(await rowsOf('select * from orders')).toEqual([{ id: 'o1', customer: 'ada', cents: 4_200, status: 'shipped' }]);
    expect(await rowsOf('select position::integer, type, data from changes order by position')).toEqual([
      { position: 1, type: 'OrderPlaced', data: { order: 'o1', customer: 'ada', cents: 4_200 } },
      { position: 2, type: 'OrderShipped', data: { order: 'o1', customer: 'ada', cents: 4_200 } },
    ]);
  });

  test('a crash before the commit leaves neither', async () => {
    await expect(handle(dying, place('o1'))).rejects.toThrow('the process died');
    expect([await rowsOf('select * from orders'), await changesNow()]).toEqual([[], []]);
    // The hole that it leaves is never filled.
    expect(await handle(database, place('o1'))).toBe(2);
  });

  test('what the rules forbid is refused, and nothing is written', async () => {
    await run(place('o1'), ship('o1'), place('o2'), cancel('o2'));
    const before = await changesNow();
    await expect(handle(database, cancel('o1'))).rejects.toThrow(new OrderRefusedError('Orders refused to cancel o1: it is shipped'));
    await expect(handle(database, ship('o2'))).rejects.toThrow(new OrderRefusedError('Orders refused to ship o2: it is cancelled'));
    await expect(handle(database, ship('o9'))).rejects.toThrow(new OrderRefusedError('Orders refused to ship o9: it is unknown'));
    await expect(handle(database, place('o1', 'bob'))).rejects.toThrow(new OrderRefusedError('Orders refused to place o1: there is another order of this number'));
    await expect(handle(database, place('o1', 'ada', 1))).rejects.toThrow(OrderRefusedError);
    for (const cents of [0, -5, 1.5, Number.NaN]) await expect(handle(database, place('o3', 'ada', cents))).rejects.toThrow(`Cannot place an order as 'cents' must be a positive integer: current value is ${cents}`);
    expect(await changesNow()).toEqual(before);
  });

  test('a repeated command records nothing and answers with a position that covers the first', async () => {
    await run(place('o1'), place('o2'), cancel('o1'));
    expect([await handle(database, place('o1')), await handle(database, cancel('o1')), (await changesNow()).length]).toEqual([3, 3, 3]);
  });

  test('an aborted command writes nothing, whether it has begun or not', async () => {
    const leave = new AbortController();
    const slow: Database = { transaction: (work) => database.transaction(({ query }) => work({
      query: async (text, parameters) => {
        leave.abort(new Error('the customer left'));
        return query(text, parameters);
      },
    })) };
    await expect(handle(slow, place('o1'), leave.signal)).rejects.toThrow('the customer left');
    await expect(handle(database, place('o1'), leave.signal)).rejects.toThrow('the customer left');
    expect([await rowsOf('select * from orders'), await changesNow()]).toEqual([[], []]);
  });
});

describe('the projector', () => {
  test('applies each change once, in order, and moves the checkpoint with them', async () => {
    await run(place('o1'), place('o2', 'ada', 500), ship('o1'), cancel('o2'), place('o3', 'bob', 700));
    const { events, options } = recording({ batchSize: 3 });
    const projector = projectorWith(options);
    expect([await projector.pass(), await projector.pass(), await projector.pass()]).toEqual([3, 2, 0]);
    expect([await kept('ada'), await kept('bob'), await checkpoint()]).toEqual([{ orders: 2, open: 0, cents: 1_000 }, { orders: 1, open: 1, cents: 700 }, 5]);
    expect(events).toEqual([3, 5, 5].map((position, at) => ({ type: 'applied', count: [3, 2, 0][at], position })));
  });

  test('a crash before the commit loses view and checkpoint alike, and nothing is counted twice', async () => {
    await run(place('o1'), place('o2'));
    await expect(projectorWith({}, overviewProjection(), dying).pass()).rejects.toThrow('the process died');
    expect([await kept(), await checkpoint()]).toEqual([undefined, undefined]);
    await projectorWith().pass();
    expect([await kept(), await checkpoint()]).toEqual([{ orders: 2, open: 2, cents: 2_000 }, 2]);
  });

  test('a checkpoint of its own transaction, as seen elsewhere, loses a change or counts it twice', async () => {
    await run(place('o1'));
    const [change] = await database.transaction((transaction) => localFeed(0, 1, transaction));
    const apply = () => database.transaction((transaction) => overviewProjection().apply(transaction, change!));
    await database.transaction(({ query }) => query(statements.begin, [first]));
    // View first, then the crash: the change comes again.
    await apply();
    await projectorWith().pass();
    expect(await kept()).toEqual({ orders: 2, open: 2, cents: 2_000 });
    // Checkpoint first, then the crash: it never comes again.
    await run(place('o2', 'bob'));
    await database.transaction(({ query }) => query(statements.moveTo, [first, 2]));
    await projectorWith().pass();
    expect(await kept('bob')).toBeUndefined();
  });

  test('a change that the view ignores moves the checkpoint, or a query would wait for it in vain', async () => {
    await postgres.query(`insert into changes (type, data) values ('toString', '{}'), ('AddressCorrected', '{"customer":"ada"}')`);
    await projectorWith().pass();
    expect([await checkpoint(), await kept()]).toEqual([2, undefined]);
  });

  test('another instance that has the turn is left alone', async () => {
    await run(place('o1'));
    const { events, options } = recording();
    const projector = projectorWith(options);
    await projector.pass();
    await run(place('o2'));
    await postgres.exec(`begin; select from projections where name = '${first}' for update; prepare transaction 'turn'`);
    expect([await projector.pass(), await projectorWith().pass()]).toEqual([0, 0]);
    await postgres.exec(`rollback prepared 'turn'`);
    expect([await projector.pass(), (await kept())!.orders]).toEqual([1, 2]);
    expect(events.map(({ type }) => type)).toEqual(['applied', 'standby', 'applied']);
  });

  test('a change that cannot be applied stops the view in front of it, and says which', async () => {
    await run(place('o1'), place('o2'), place('o3'), place('o4'));
    const { apply } = overviewProjection();
    const sick: Projection = { name: first, apply: (transaction, change) => {
      if ((change.data as { order: string }).order === 'o3') throw new TypeError('no such rate');
      return apply(transaction, change);
    } };
    const { events, options } = recording();
    const projector = projectorWith(options, sick);
    expect([await projector.pass(), await projector.pass(), await projector.pass(), await projector.pass()]).toEqual([0, 2, 0, 0]);
    expect([await checkpoint(), (await kept())!.orders]).toEqual([2, 2]);
    const failed = events.filter((event) => event.type === 'failed');
    expect(failed.map(({ change, error }) => [change.position, String(error)])).toEqual([1, 2, 3].map(() => [3, 'TypeError: no such rate']));
    await projectorWith().pass();
    expect([await checkpoint(), (await kept())!.orders]).toEqual([4, 4]);
  });

  test('runs until it is told to stop: drains, sleeps, is woken, survives a broken database', async () => {
    const clock = new VirtualClock();
    const { events, options } = recording({ batchSize: 2, pollMs: 500, clock });
    let isDown = false;
    const over: Database = { transaction: (work) => (isDown ? Promise.reject(new Error('ECONNREFUSED')) : database.transaction(work)) };
    const projector = projectorWith(options, overviewProjection(), over);
    const stop = new AbortController();
    await run(place('o1'), place('o2'), place('o3'));
    const running = projector.run(stop.signal);
    const asleep = (passes: number) => until(clock, () => events.length === passes && clock.pending === 1);
    await asleep(3);
    await run(place('o4'));
    await clock.advance(499);
    expect(events).toHaveLength(3);
    await clock.advance(1);
    await asleep(5);
    isDown = true;
    projector.wake();
    await asleep(6);
    expect(events.at(-1)).toEqual({ type: 'broken', error: new Error('ECONNREFUSED') });
    isDown = false;
    await clock.advance(500);
    await asleep(7);
    stop.abort();
    await running;
    expect([clock.pending, (await kept())!.orders]).toEqual([0, 4]);
  });

  test('told to stop within a batch, it keeps what is applied and leaves the rest', async () => {
    await run(place('o1'), place('o2'), place('o3'));
    const stop = new AbortController();
    const { apply } = overviewProjection();
    const stopping: Projection = { name: first, apply: async (transaction, change) => {
      await apply(transaction, change);
      if (change.position === 2) stop.abort();
    } };
    await projectorWith({}, stopping).run(stop.signal);
    expect([await checkpoint(), (await kept())!.orders]).toEqual([2, 2]);
  });

  test('random commands, crashes and batch sizes: the view says what the orders say', async () => {
    let seed = 7;
    const below = (most: number) => (seed = (seed * 48_271) % 2_147_483_647) % most;
    for (let step = 0; step < 400; step += 1) {
      const kind = below(10);
      const order = `o${below(120)}`;
      if (kind < 5) await handle(database, place(order, `c${below(6)}`, 1 + below(9_000))).catch(refused);
      else if (kind < 7) await handle(database, kind === 5 ? ship(order) : cancel(order)).catch(refused);
      else if (kind === 7) await projectorWith({ batchSize: 1 + below(9) }, overviewProjection(), dying).pass().catch(() => {});
      else await projectorWith({ batchSize: 1 + below(9) }).pass();
    }
    await projectorWith({ batchSize: 1_000 }).pass();
    await serve(database, view, first);
    for (let customer = 0; customer < 6; customer += 1) {
      const found = await readOverview(database, `c${customer}`);
      expect(found).toEqual({ view: await sumUpOrders(database, `c${customer}`), position: (await changesNow()).at(-1)!.position });
      expect(found.view.orders).toBeGreaterThan(5);
    }
  });

  test('from a feed of another database it is the same', async () => {
    await run(place('o1'), place('o2'));
    const changes = await remoteFeed(database)(0, 10, { query: () => Promise.reject(new Error('the read side has no changes')) });
    const projector = new Projector(database, (after) => Promise.resolve(changes.filter((change: Change) => change.position > after)), overviewProjection());
    expect([await projector.pass(), (await kept())!.orders]).toEqual([2, 2]);
  });
});

describe('reading', () => {
  const one = (position: number): Found<string> => ({ view: `as of ${position}`, position });

  test('a query answers at once when the view is far enough', async () => {
    await run(place('o1', 'ada', 300));
    await projectorWith().pass();
    expect(await serve(database, view, first)).toBe(true);
    expect(await readAtLeast(1, () => readOverview(database, 'ada'))).toEqual({ view: { orders: 1, open: 1, cents: 300 }, position: 1 });
    expect(await readOverview(database, 'nobody')).toEqual({ view: { orders: 0, open: 0, cents: 0 }, position: 1 });
    expect(await sumUpOrders(database, 'nobody')).toEqual({ orders: 0, open: 0, cents: 0 });
  });

  test('the author of a change who does not wait does not see it; who waits for its position does', async () => {
    await projectorWith().pass();
    await serve(database, view, first);
    const position = await handle(database, place('o1'));
    const read = () => readOverview(database, 'ada');
    expect((await read()).view.orders).toBe(0);
    const clock = new VirtualClock();
    const looks: string[] = [];
    const waiting = readAtLeast(position, read, { pollMs: 25, clock, onEvent: ({ type }) => void looks.push(type) });
    await until(clock, () => clock.pending === 1);
    await projectorWith().pass();
    await clock.advance(25);
    expect((await waiting).view.orders).toBe(1);
    expect([looks, clock.pending]).toEqual([['behind', 'current'], 0]);
  });

  test('waiting has an end: the error says how far the view is, and brings what was found', async () => {
    const clock = new VirtualClock();
    let looks = 0;
    const failure = readAtLeast(9, async () => one(looks += 1), { waitMs: 60, pollMs: 25, clock }).catch((error: unknown) => error);
    await clock.advance(59);
    expect(looks).toBe(3);
    await clock.advance(1);
    expect(await failure).toEqual(new ViewBehindError(one(4), 9, 60));
    expect(await failure).toMatchObject({ message: 'The read side refused to answer: it is at 4 and not yet at 9, after 60 ms', found: one(4), wanted: 9 });
    await expect(readAtLeast(9, async () => one(1), { waitMs: 0, clock })).rejects.toThrow(ViewBehindError);
    expect(clock.pending).toBe(0);
  });

  test('a caller who leaves ends the waiting, and nothing is left behind', async () => {
    const clock = new VirtualClock();
    const leave = new AbortController();
    const failure = readAtLeast(9, async () => one(1), { clock, signal: leave.signal }).catch((error: unknown) => error);
    await clock.advance(10);
    leave.abort(new Error('the customer left'));
    expect([await failure, clock.pending]).toEqual([new Error('the customer left'), 0]);
    await expect(readAtLeast(1, () => { throw new Error('must not be asked'); }, { signal: leave.signal })).rejects.toThrow('the customer left');
  });

  test('an error of the query is an answer: nobody asks again', async () => {
    let looks = 0;
    await expect(readAtLeast(1, () => { looks += 1; throw new Error('syntax'); })).rejects.toThrow('syntax');
    await expect(readAtLeast(1, () => readOverview(database, 'ada'))).rejects.toThrow(new ViewMissingError("No projection serves 'customer overview'"));
    expect(looks).toBe(1);
  });
});

describe('another copy', () => {
  const second = `${view}/2`;

  test('is built beside the first and takes over in one step, once it is as far', async () => {
    await run(place('o1'), place('o2'), place('o3'));
    await projectorWith().pass();
    expect([await serve(database, view, second), await serve(database, view, first)]).toEqual([false, true]);
    const next = projectorWith({ batchSize: 2 }, overviewProjection(second));
    await next.pass();
    expect(await serve(database, view, second)).toBe(false);
    expect((await readOverview(database, 'ada')).position).toBe(3);
    await next.pass();
    await run(cancel('o1'));
    await next.pass();
    expect(await serve(database, view, second)).toBe(true);
    expect(await readOverview(database, 'ada')).toEqual({ view: { orders: 3, open: 2, cents: 2_000 }, position: 4 });
    // Nor back to the one that has fallen behind.
    expect(await serve(database, view, first)).toBe(false);
    await forget(database, first);
    expect([await kept('ada', first), await kept('ada', second)]).toEqual([undefined, { orders: 3, open: 2, cents: 2_000 }]);
    await expect(forget(database, second)).rejects.toThrow('serving_projection_fkey');
  });

  test('how far each is behind can be asked', async () => {
    expect(await lag(database, database, first)).toEqual({ changes: 0, oldestMs: 0 });
    await run(place('o1'), place('o2'));
    await postgres.exec(`update changes set recorded_at = clock_timestamp() - interval '90 seconds' where position = 2`);
    await projectorWith({ batchSize: 1 }).pass();
    const { changes, oldestMs } = await lag(database, database, first);
    expect(changes).toBe(1);
    expect(oldestMs).toBeGreaterThanOrEqual(90_000);
    expect(oldestMs).toBeLessThan(100_000);
    expect((await lag(database, database, second)).changes).toBe(2);
  });
});

test('an option outside its range is refused with its name, rule and value', async () => {
  expect(() => projectorWith({ batchSize: 0 })).toThrow("Cannot keep the view as 'batchSize' must be a positive integer: current value is 0");
  expect(() => projectorWith({ pollMs: Infinity })).toThrow("'pollMs' must be above 0 and up to 2147483647: current value is Infinity");
  const read = () => Promise.reject(new Error('must not be asked'));
  await expect(readAtLeast(-1, read)).rejects.toThrow("Cannot wait for the view as 'wanted' must be a position: current value is -1");
  await expect(readAtLeast(1.5, read)).rejects.toThrow("'wanted' must be a position: current value is 1.5");
  await expect(readAtLeast(1, read, { waitMs: Number.NaN })).rejects.toThrow("'waitMs' must be between 0 and 2147483647: current value is NaN");
  await expect(readAtLeast(1, read, { pollMs: 0 })).rejects.toThrow("'pollMs' must be above 0 and up to 2147483647: current value is 0");
});

function refused(error: unknown): void {
  if (!(error instanceof OrderRefusedError)) throw error;
}

/** PostgreSQL answers in its own time, while the virtual clock stands still. */
async function until(clock: VirtualClock, condition: () => boolean): Promise<void> {
  for (let turn = 0; turn < 20_000 && !condition(); turn += 1) await clock.advance(0);
  expect(condition()).toBe(true);
}
