import { PGlite } from '@electric-sql/pglite';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { VirtualClock } from '../virtual-clock.ts';
import { EventStore, NewerSchemaError, VersionConflictError } from './event-sourcing.ts';
import type { Database, EventStoreOptions, Model, StoreEvent } from './event-sourcing.ts';
import { feedStart, readFeed } from './feed.ts';
import type { FeedCursor, FeedEvent } from './feed.ts';
import { eventSchema, statements } from './schema.ts';
import { OutOfStockError, stock } from './stock.ts';
import type { Stock, StockCommand, StockEvent } from './stock.ts';
import { upcast } from './upcast.ts';

// A real PostgreSQL with one session. Two sessions meet in tests/postgres/event-sourcing.test.ts.
let postgres: PGlite;
let database: Database;
beforeAll(async () => {
  postgres = await PGlite.create({ postgresqlconf: ['max_prepared_transactions=10'] });
  await postgres.exec(`${eventSchema} create table unrelated (note text)`);
  database = {
    transaction: (work) => postgres.transaction((open) => work({
      query: async <Row>(text: string, parameters: readonly unknown[]) => (await open.query<Row>(text, [...parameters])).rows,
    })),
  };
}, 120_000);
afterAll(() => postgres.close());

/** Events are final, so each test works on an item of its own. */
let kettle = '';
let tests = 0;
beforeEach(() => void (kettle = `stock-kettle-${(tests += 1)}`));

type StockStore = EventStore<Stock, StockCommand, StockEvent>;
const storeWith = (options: EventStoreOptions = {}, over: Database = database): StockStore => new EventStore(over, stock, options);
const recording = (options: EventStoreOptions = {}) => {
  const events: StoreEvent[] = [];
  return { events, options: { ...options, onEvent: (event: StoreEvent) => void events.push(event) } };
};
const receive = (pieces: number): StockCommand => ({ type: 'receive', pieces });
const reserve = (order: string, pieces = 1): StockCommand => ({ type: 'reserve', order, pieces });
const stored = async (stream = kettle) => (await postgres.query<{ version: number; type: string; schema: number; data: unknown }>('select version, type, schema, data from events where stream = $1 order by version', [stream])).rows;
const snapshotOf = async (stream = kettle) => (await postgres.query<{ model: string; version: number; state: Stock }>('select model, version, state from snapshots where stream = $1 order by model', [stream])).rows;
const write = (stream: string, version: number, type: string, schema: number, data: unknown) => postgres.query('insert into events (stream, version, type, schema, data, metadata) values ($1, $2, $3, $4, $5::jsonb, $6::jsonb)', [stream, version, type, schema, JSON.stringify(data), '{}']);

/** Somebody else is quicker, between our read and our append, the first `times` times. Statements commit one by one. */
function overtaken(times: number, byWhom: (round: number) => Promise<unknown>): Database {
  let round = 0;
  return {
    transaction: (work) => work({
      query: async <Row>(text: string, parameters: readonly unknown[]) => {
        if (text === statements.append && round < times) await byWhom(round += 1);
        return (await postgres.query<Row>(text, [...parameters])).rows;
      },
    }),
  };
}

describe('appending', () => {
  test('events get the versions that follow, in order, with their present schema and what the caller says of them', async () => {
    const store = storeWith();
    await store.execute(kettle, receive(10), { metadata: { actor: 'clerk-7' } });
    expect(await store.execute(kettle, reserve('o1', 3))).toEqual({ state: { free: 7, reserved: { o1: 3 } }, version: 2 });
    expect(await stored()).toEqual([
      { version: 1, type: 'StockReceived', schema: 3, data: { pieces: 10 } },
      { version: 2, type: 'StockReserved', schema: 2, data: { order: 'o1', pieces: 3 } },
    ]);
    const { rows } = await postgres.query('select metadata from events where stream = $1 order by version', [kettle]);
    expect(rows).toEqual([{ metadata: { actor: 'clerk-7' } }, { metadata: {} }]);
  });

  test('several events of one command are one append, in order of version and of position', async () => {
    const batches: Model<number, number, { type: string; data: number }> = {
      name: 'count/1', initial: 0, evolve: (sum, { data }) => sum + data,
      decide: (many) => Array.from({ length: many }, (_, at) => ({ type: 'Counted', data: at })),
    };
    await new EventStore(database, batches).execute(kettle, 40);
    const { rows } = await postgres.query<{ data: number }>('select data from events where stream = $1 order by position', [kettle]);
    expect(rows.map(({ data }) => data)).toEqual(Array.from({ length: 40 }, (_, at) => at));
    expect((await stored()).map(({ version }) => version)).toEqual(Array.from({ length: 40 }, (_, at) => at + 1));
  });

  test('after a conflict it decides again on the new state: the last piece is not sold twice', async () => {
    await storeWith().execute(kettle, receive(1));
    const { events, options } = recording({ backoffMs: 0 });
    const slow = storeWith(options, overtaken(1, () => storeWith().execute(kettle, reserve('quick'))));
    await expect(slow.execute(kettle, reserve('slow'))).rejects.toThrow(new OutOfStockError('Inventory refused 1 pieces for slow: 0 are free'));
    expect((await stored()).map(({ type }) => type)).toEqual(['StockReceived', 'StockReserved']);
    expect(events.map(({ type }) => type)).toEqual(['loaded', 'conflict', 'loaded']);
  });

  test('writing the old decision again instead would sell it twice', async () => {
    await storeWith().execute(kettle, receive(1));
    await storeWith().execute(kettle, reserve('quick'));
    await database.transaction(({ query }) => query(statements.append, [kettle, 2, JSON.stringify([{ type: 'StockReserved', schema: 2, data: { order: 'slow', pieces: 1 } }]), '{}']));
    expect((await storeWith().load(kettle)).state.free).toBe(-1);
  });

  test('attempts are bounded, with pauses that grow and are spread by chance', async () => {
    await storeWith().execute(kettle, receive(100));
    const clock = new VirtualClock();
    const { events, options } = recording({ maxAttempts: 3, backoffMs: 100, clock, random: () => 0.5 });
    const store = storeWith(options, overtaken(9, (round) => storeWith().execute(kettle, reserve(`rival-${round}`))));
    const failure = store.execute(kettle, reserve('slow')).catch((error: unknown) => error);
    const conflicts = () => events.filter(({ type }) => type === 'conflict').length;
    await until(clock, () => conflicts() === 1 && clock.pending === 1);
    await clock.advance(49);
    expect(clock.pending).toBe(1);
    await clock.advance(1);
    await until(clock, () => conflicts() === 2 && clock.pending === 1);
    await clock.advance(99);
    expect(clock.pending).toBe(1);
    await clock.advance(1);
    await until(clock, () => conflicts() === 3);
    expect(await failure).toEqual(new VersionConflictError(kettle, 3, 3));
    expect(await failure).toMatchObject({ stream: kettle, expectedVersion: 3, attempts: 3, message: `The event store refused to append to '${kettle}': it is no longer at version 3 (attempt 3)` });
    expect(clock.pending).toBe(0);
  });

  test('a version that the caller has decided on is not decided again', async () => {
    const store = storeWith();
    await store.execute(kettle, receive(5));
    await store.execute(kettle, reserve('o1'), { expectedVersion: 1 });
    await expect(store.execute(kettle, reserve('o2'), { expectedVersion: 1 })).rejects.toThrow(new VersionConflictError(kettle, 1, 1));
    const late = storeWith({}, overtaken(1, () => store.execute(kettle, reserve('o3'))));
    await expect(late.execute(kettle, reserve('o4'), { expectedVersion: 2 })).rejects.toThrow(new VersionConflictError(kettle, 2, 1));
    expect(Object.keys((await store.load(kettle)).state.reserved)).toEqual(['o1', 'o3']);
  });

  test('a version beyond the end of the stream leaves no hole', async () => {
    const rows = await database.transaction(({ query }) => query(statements.append, [kettle, 5, JSON.stringify([{ type: 'StockReceived', schema: 3, data: { pieces: 1 } }]), '{}']));
    expect([rows, await stored()]).toEqual([[], []]);
  });

  test('the table itself refuses a second event of the same version, a change and a deletion', async () => {
    await storeWith().execute(kettle, receive(5));
    await expect(write(kettle, 1, 'StockReceived', 3, { pieces: 5 })).rejects.toThrow('events_pkey');
    for (const change of ["update events set data = '{}'", `delete from events where stream = '${kettle}'`, 'truncate events cascade']) await expect(postgres.exec(change)).rejects.toThrow('events are final');
    expect((await storeWith().load(kettle)).state.free).toBe(5);
  });

  test('a command that is refused, or changes nothing, writes nothing and is not tried again', async () => {
    const { events, options } = recording();
    const store = storeWith(options);
    await store.execute(kettle, receive(2));
    await store.execute(kettle, reserve('o1', 2));
    expect(await store.execute(kettle, reserve('o1', 2))).toEqual({ state: { free: 0, reserved: { o1: 2 } }, version: 2 });
    await expect(store.execute(kettle, reserve('o2'))).rejects.toThrow(OutOfStockError);
    expect([(await stored()).length, events.filter(({ type }) => type === 'appended').length]).toEqual([2, 2]);
  });

  test('a lost connection is no conflict: its error passes, and nothing is tried again', async () => {
    let calls = 0;
    const lost = storeWith({}, { transaction: async () => {
      calls += 1;
      throw new Error('Connection terminated unexpectedly');
    } });
    await expect(lost.execute(kettle, receive(1))).rejects.toThrow('Connection terminated');
    expect(calls).toBe(1);
  });

  test('who has gone away stops it: before the first read, between two, and in a pause', async () => {
    const gone = new Error('the customer closed the page');
    await expect(storeWith().execute(kettle, receive(1), { signal: AbortSignal.abort(gone) })).rejects.toBe(gone);
    await expect(storeWith().load(kettle, { signal: AbortSignal.abort(gone) })).rejects.toBe(gone);

    for (let order = 0; order < 3; order += 1) await storeWith().execute(kettle, receive(1));
    const reading = new AbortController();
    const afterOne: Database = { transaction: (work) => database.transaction(({ query }) => work({
      query: async (text, parameters) => {
        if (text === statements.read) reading.abort(gone);
        return query(text, parameters);
      },
    })) };
    await expect(storeWith({ batchSize: 1 }, afterOne).load(kettle, { signal: reading.signal })).rejects.toBe(gone);

    const clock = new VirtualClock();
    const waiting = new AbortController();
    const store = storeWith({ clock, random: () => 0.9 }, overtaken(1, () => storeWith().execute(kettle, receive(1))));
    const failure = store.execute(kettle, receive(1), { signal: waiting.signal }).catch((error: unknown) => error);
    await until(clock, () => clock.pending === 1);
    waiting.abort(gone);
    expect([await failure, clock.pending]).toEqual([gone, 0]);
  });
});

describe('replaying', () => {
  test('gives the same state each time, in batches of any size, without clock or chance', async () => {
    await storeWith().execute(kettle, receive(30));
    for (let order = 0; order < 9; order += 1) await storeWith().execute(kettle, reserve(`o${order}`, 2));
    await storeWith().execute(kettle, { type: 'release', order: 'o3', reason: 'cancelled by the customer' });
    await storeWith().execute(kettle, { type: 'ship', order: 'o4' });
    const forbidden = vi.spyOn(Math, 'random').mockImplementation(() => { throw new Error('chance in a replay'); });
    const sizes = [1, 3, 4, 12, 500];
    const states = await Promise.all(sizes.map((batchSize) => storeWith({ batchSize, snapshotEvery: Infinity }).load(kettle)));
    forbidden.mockRestore();
    for (const each of states) expect(each).toEqual(states[0]);
    expect(states[0]).toEqual({ state: { free: 14, reserved: { o0: 2, o1: 2, o2: 2, o5: 2, o6: 2, o7: 2, o8: 2 } }, version: 12 });
  });

  test('gives any state of the past, whatever snapshot there is', async () => {
    const store = storeWith({ snapshotEvery: 1 });
    await store.execute(kettle, receive(5));
    await store.execute(kettle, reserve('o1', 2));
    await store.execute(kettle, { type: 'ship', order: 'o1' });
    const states = await Promise.all([0, 1, 2, 3].map(async (atVersion) => (await store.load(kettle, { atVersion })).state));
    expect(states).toEqual([{ free: 0, reserved: {} }, { free: 5, reserved: {} }, { free: 3, reserved: { o1: 2 } }, { free: 3, reserved: {} }]);
  });

  test('a stream that nobody has written to has the initial state and version 0', async () => {
    expect(await storeWith().load(kettle)).toEqual({ state: { free: 0, reserved: {} }, version: 0 });
  });

  test('releasing or shipping what is not reserved changes nothing', async () => {
    await storeWith().execute(kettle, { type: 'release', order: 'constructor', reason: 'none' });
    await storeWith().execute(kettle, { type: 'ship', order: 'o1' });
    expect(await stored()).toEqual([]);
    // An event is never refused, even if it should not have been written.
    expect(stock.evolve({ free: 1, reserved: {} }, { type: 'ReservationReleased', data: { order: 'o1', reason: 'twice' } })).toEqual({ free: 1, reserved: {} });
  });
});

describe('old events', () => {
  // As releases of other years wrote them. Never edit one: a new shape gets a new line.
  const fixtures = [
    { type: 'StockReceived', schema: 1, data: { dozens: 2, dock: 'B' }, today: { pieces: 24, dock: 'B' } },
    { type: 'StockReceived', schema: 2, data: { quantity: 5 }, today: { pieces: 5 } },
    { type: 'StockReceived', schema: 3, data: { pieces: 7, supplier: { id: 4 } }, today: { pieces: 7, supplier: { id: 4 } } },
    { type: 'StockReserved', schema: 1, data: { orderId: 'o1', quantity: 6, channel: 'mobile app' }, today: { order: 'o1', pieces: 6, channel: 'mobile app' } },
    { type: 'StockReserved', schema: 2, data: { order: 'o2', pieces: 1 }, today: { order: 'o2', pieces: 1 } },
    { type: 'ReservationReleased', schema: 1, data: { order: 'o2', reason: 'card declined' }, today: { order: 'o2', reason: 'card declined' } },
    { type: 'OrderShipped', schema: 1, data: { order: 'o1' }, today: { order: 'o1' } },
  ];

  test('every shape that was ever written is read in the shape of today, and fields that nobody knows are kept', () => {
    for (const { today, ...old } of fixtures) expect(upcast({ version: 1, ...old }, stock.upcasts!), `${old.type} ${old.schema}`).toEqual(today);
  });

  test('every shape has its fixture', () => {
    const shapes = fixtures.map(({ type, schema }) => `${type} ${schema}`).sort();
    const types = ['StockReceived', 'StockReserved', 'ReservationReleased', 'OrderShipped'];
    const known = types.flatMap((type) => Array.from({ length: (stock.upcasts?.[type]?.length ?? 0) + 1 }, (_, at) => `${type} ${at + 1}`)).sort();
    expect(shapes).toEqual(known);
  });

  test('a stream with all of them replays, and stays as it was stored', async () => {
    for (const [at, { type, schema, data }] of fixtures.entries()) await write(kettle, at + 1, type, schema, data);
    const before = await stored();
    expect((await storeWith().load(kettle)).state).toEqual({ free: 30, reserved: {} });
    expect(await stored()).toEqual(before);
  });

  test('a type that this release does not know changes nothing, and new events follow it', async () => {
    await write(kettle, 1, 'StockReceived', 3, { pieces: 2 });
    await write(kettle, 2, 'StockCounted', 1, { by: 'clerk-7' });
    await write(kettle, 3, 'constructor', 1, {});
    expect(await storeWith().execute(kettle, reserve('o1'))).toMatchObject({ state: { free: 1 }, version: 4 });
  });

  test('an event of a newer release is not misread: older code refuses to decide on it', async () => {
    await write(kettle, 1, 'StockReceived', 4, { pallets: 1 });
    const refusal = new NewerSchemaError("Cannot read 'StockReceived' as it has schema 4: this code knows up to 3");
    await expect(storeWith().load(kettle)).rejects.toThrow(refusal);
    await expect(storeWith().execute(kettle, reserve('o1'))).rejects.toThrow(refusal);
  });
});

describe('snapshots', () => {
  test('are kept when a command had to replay so many events, and spare the next ones', async () => {
    const { events, options } = recording({ snapshotEvery: 3 });
    const store = storeWith(options);
    for (let order = 0; order < 5; order += 1) await store.execute(kettle, receive(1));
    expect(events.filter(({ type }) => type === 'snapshot-kept')).toEqual([{ type: 'snapshot-kept', stream: kettle, version: 3 }]);
    expect(events.filter(({ type }) => type === 'loaded').map((event) => 'replayed' in event && event.replayed)).toEqual([0, 1, 2, 0, 1]);
    expect((await snapshotOf())[0]).toMatchObject({ model: 'stock/1', version: 3, state: { free: 3 } });
  });

  test('are a cache: lost or of another model, the events give the same state', async () => {
    const store = storeWith({ snapshotEvery: 2 });
    for (let order = 0; order < 5; order += 1) await store.execute(kettle, receive(1));
    const known = await store.load(kettle);
    const next = new EventStore(database, { ...stock, name: 'stock/2' }, { snapshotEvery: 2 });
    expect(await next.load(kettle)).toEqual(known);
    await next.execute(kettle, receive(1));
    expect((await snapshotOf()).map(({ model, version }) => `${model} at ${version}`)).toEqual(['stock/1 at 4', 'stock/2 at 6']);
    await postgres.query('delete from snapshots where stream = $1', [kettle]);
    expect((await store.load(kettle)).state.free).toBe(6);
  });

  test('one that cannot be kept is reported, and the command has succeeded', async () => {
    const { events, options } = recording({ snapshotEvery: 1 });
    const full = new Error('disk full');
    const failing: Database = { transaction: (work) => database.transaction(({ query }) => work({
      query: async (text, parameters) => {
        if (text === statements.keepSnapshot) throw full;
        return query(text, parameters);
      },
    })) };
    expect(await storeWith(options, failing).execute(kettle, receive(1))).toMatchObject({ version: 1 });
    expect(events.at(-1)).toEqual({ type: 'snapshot-failed', stream: kettle, error: full });
  });

  test('a slow writer does not replace a newer one, and none is ahead of its events', async () => {
    const store = storeWith({ snapshotEvery: 2 });
    for (let order = 0; order < 2; order += 1) await store.execute(kettle, receive(1));
    await database.transaction(({ query }) => query(statements.keepSnapshot, [kettle, 'stock/1', 1, '{"free":1,"reserved":{}}']));
    expect((await snapshotOf())[0]).toMatchObject({ version: 2 });
    await expect(database.transaction(({ query }) => query(statements.keepSnapshot, [kettle, 'stock/1', 9, '{}']))).rejects.toThrow('foreign key');
  });

  test('never, if so told', async () => {
    const store = storeWith({ snapshotEvery: Infinity });
    await store.execute(kettle, receive(1));
    expect(await snapshotOf()).toEqual([]);
  });
});

describe('the feed over all streams', () => {
  const slow = (name: string, stream: string) => postgres.exec(`
    begin;
    insert into events (stream, version, type, schema, data, metadata) values ('${stream}', 1, 'StockReceived', 3, '{"pieces":1}', '{}');
    prepare transaction '${name}'`);
  const toTheEnd = async (from: FeedCursor): Promise<FeedEvent[]> => {
    const seen: FeedEvent[] = [];
    for (;;) {
      const batch = await readFeed(database, seen.at(-1) ?? from, 2);
      seen.push(...batch);
      if (batch.length < 2) return seen;
    }
  };
  const streams = (events: readonly FeedEvent[]) => events.map(({ stream, version }) => `${stream} ${version}`);

  test('does not miss an event whose position was handed out early and committed late', async () => {
    const before = (await toTheEnd(feedStart)).at(-1) ?? feedStart;
    const [late, early] = [`${kettle}-late`, `${kettle}-early`];
    await slow('late writer', late);
    await storeWith().execute(early, receive(1));
    // A cursor over the position alone has passed the late one by now.
    const { rows: [newest] } = await postgres.query<{ position: string }>('select max(position)::text as position from events');
    const first = await toTheEnd(before);
    await postgres.exec("commit prepared 'late writer'");
    const { rows: missed } = await postgres.query('select stream from events where position > $1::bigint', [newest!.position]);
    expect(missed).toEqual([]);
    const second = await toTheEnd(first.at(-1) ?? before);
    expect([streams(first), streams(second)]).toEqual([[], [`${late} 1`, `${early} 1`]]);
  });

  test('the price: it waits for a transaction that has written elsewhere', async () => {
    const before = (await toTheEnd(feedStart)).at(-1) ?? feedStart;
    await postgres.exec("begin; insert into unrelated values ('a long import'); prepare transaction 'import'");
    await storeWith().execute(kettle, receive(1));
    expect(await toTheEnd(before)).toEqual([]);
    await postgres.exec("commit prepared 'import'");
    expect(streams(await toTheEnd(before))).toEqual([`${kettle} 1`]);
  });

  test('has each stream in order, each event once, with a cursor to go on from', async () => {
    const before = (await toTheEnd(feedStart)).at(-1) ?? feedStart;
    const items = ['a', 'b'].map((item) => `${kettle}-${item}`);
    for (let round = 0; round < 3; round += 1) for (const item of items) await storeWith().execute(item, receive(1));
    const seen = await toTheEnd(before);
    for (const item of items) expect(streams(seen).filter((each) => each.startsWith(item))).toEqual([1, 2, 3].map((version) => `${item} ${version}`));
    expect(await readFeed(database, seen.at(-1)!)).toEqual([]);
  });
});

test('an option or argument outside its range is refused with its name, rule and value', async () => {
  expect(() => storeWith({ maxAttempts: 0 })).toThrow("Cannot use the event store as 'maxAttempts' must be a positive integer: current value is 0");
  expect(() => storeWith({ batchSize: 1.5 })).toThrow("'batchSize' must be a positive integer: current value is 1.5");
  expect(() => storeWith({ snapshotEvery: Number.NaN })).toThrow("'snapshotEvery' must be a positive integer or Infinity: current value is NaN");
  expect(() => storeWith({ backoffMs: -1 })).toThrow("'backoffMs' must be between 0 and 2147483647: current value is -1");
  await expect(storeWith().execute('', receive(1))).rejects.toThrow("'stream' must be a name: current value is ");
  await expect(storeWith().load(kettle, { atVersion: -1 })).rejects.toThrow("'atVersion' must be an integer from 0 to 2147483647: current value is -1");
  await expect(storeWith().execute(kettle, receive(0))).rejects.toThrow("Cannot change the stock as 'pieces' must be a positive integer: current value is 0");
  await expect(storeWith().execute(kettle, reserve('o1', 0.5))).rejects.toThrow('current value is 0.5');
});

/** PostgreSQL answers in its own time, while the virtual clock stands still. */
async function until(clock: VirtualClock, condition: () => boolean): Promise<void> {
  for (let turn = 0; turn < 20_000 && !condition(); turn += 1) await clock.advance(0);
  expect(condition()).toBe(true);
}
