import { PGlite } from '@electric-sql/pglite';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { VirtualClock } from '../virtual-clock.ts';
import { alter, backfill, contract, expand, ordersV1, ordersV2 } from './change-column.ts';
import { own, ownerOf, publish, schemaOf, withdraw } from './shared-database.ts';
import { inventoryContract, inventoryTables, ordersTables, placeOrder } from './shop.ts';
import type { Database } from './shop.ts';

let postgres: PGlite;
beforeAll(async () => {
  postgres = await PGlite.create();
}, 120_000);
afterAll(() => postgres.close());
beforeEach(async () => {
  await postgres.exec('drop schema if exists orders, inventory, shipping, orders_v1, orders_v2, inventory_v1 cascade');
  for (const service of ['orders', 'inventory', 'shipping']) await postgres.exec(own(service));
  await as('inventory_owner', inventoryTables);
  await as('orders_owner', ordersTables);
  await postgres.exec(publish({ service: 'inventory', version: 1, contents: inventoryContract, users: ['orders', 'shipping'], callers: ['orders'] }));
  await postgres.exec(publish({ service: 'orders', version: 1, contents: ordersV1, users: ['shipping'] }));
  await as('inventory', "insert into inventory.stock values ('kettle', 5), ('lamp', 0)");
});

/** As the service itself: no superuser has a wall. */
async function as(role: string, statement: string): Promise<unknown[]> {
  await postgres.exec(`set role ${role}`);
  try {
    return (await postgres.exec(statement)).at(-1)!.rows;
  } finally {
    await postgres.exec('reset role');
  }
}
const refusal = (promise: Promise<unknown>): Promise<string> => promise.then(() => 'allowed', (error: Error & { code: string }) => error.code);
const parcels = () => as('orders', 'select id, address, street, city from orders.parcel order by id');
const kettles = { id: 'o1', sku: 'kettle', pieces: 2, address: '1 Mill Lane, Ashford' };
const transactionsAs = (role: string): Database => ({
  transaction: (work) => postgres.transaction(async (open) => {
    await open.exec(`set local role ${role}`);
    return work({ query: async <Row>(text: string, parameters: readonly unknown[]) => (await open.query<Row>(text, [...parameters])).rows });
  }),
});
const asOrders = transactionsAs('orders');
/** Who migrates. */
const database = transactionsAs('orders_owner');

test('each service writes its own tables, and no other', async () => {
  expect(await refusal(as('orders', "update inventory.stock set free = 99"))).toBe('42501');
  expect(await refusal(as('orders', 'select * from inventory.stock'))).toBe('42501');
  expect(await refusal(as('shipping', "insert into orders.parcel values ('x', 'kettle', 1, 'nowhere')"))).toBe('42501');
  expect(await refusal(as('inventory', 'drop table inventory.stock'))).toBe('42501');
  expect(await refusal(as('inventory', 'create table inventory.more (id text)'))).toBe('42501');
  expect(await as('inventory', 'select sku, free from inventory.stock order by sku')).toEqual([{ sku: 'kettle', free: 5 }, { sku: 'lamp', free: 0 }]);
});

test('a service may use the sequences and functions of its own schema, and nobody else', async () => {
  await as('orders_owner', `create table orders.note (id bigserial primary key, line text);
    create function orders.shout(line text) returns text language sql as $$ select upper(line) $$`);
  expect(await as('orders', "insert into orders.note (line) values (orders.shout('fragile')) returning id::integer, line")).toEqual([{ id: 1, line: 'FRAGILE' }]);
  expect(await refusal(as('shipping', "select nextval('orders.note_id_seq')"))).toBe('42501');
  expect(await refusal(as('shipping', "select orders.shout('x')"))).toBe('42501');
  // Not even for whoever gets into the schema.
  await postgres.exec('grant usage on schema orders to shipping');
  expect(await refusal(as('shipping', "select orders.shout('x')"))).toBe('42501');
});

test('each login has its limits', async () => {
  expect((await postgres.query("select rolconnlimit, rolconfig from pg_roles where rolname = 'orders'")).rows).toEqual([
    { rolconnlimit: 50, rolconfig: ['lock_timeout=2000', 'idle_in_transaction_session_timeout=10000'] },
  ]);
});

test('a contract that fails half-way leaves nothing, and the session is whose it was', async () => {
  expect(await refusal(postgres.exec(publish({ service: 'orders', version: 2, contents: 'create view parcel as select id from orders.nothing', users: ['shipping'] })))).toBe('42P01');
  expect((await postgres.query("select current_user = session_user as mine, to_regnamespace('orders_v2') as made")).rows).toEqual([{ mine: true, made: null }]);
});

test('a contract shows what it says, to those whom it names, and lets nobody write', async () => {
  expect(await as('shipping', 'select * from inventory_v1.available')).toEqual([{ sku: 'kettle', free: 5 }]);
  expect(await refusal(as('shipping', 'update inventory_v1.available set free = 0'))).toBe('42501');
  expect(await refusal(as('inventory', 'select * from orders_v1.parcel'))).toBe('42501');
  expect(await refusal(as('inventory', 'select * from inventory_v1.available'))).toBe('42501');
  // Reading is not selling.
  expect(await refusal(as('shipping', "select inventory_v1.reserve('kettle', 1)"))).toBe('42501');
});

test('a view that leaves out rows does not show them to a function of whoever asks', async () => {
  const peek = `create function pg_temp.peek(sku text) returns boolean language plpgsql cost 0.0000001 as $$
    begin if sku = 'lamp' then raise 'saw a lamp'; end if; return true; end $$`;
  expect(await as('shipping', `${peek}; select sku from inventory_v1.available where pg_temp.peek(sku)`)).toEqual([{ sku: 'kettle' }]);
});

test('what was prepared before a contract was withdrawn is refused as well', async () => {
  await as('shipping', 'prepare reading as select * from orders_v1.parcel; execute reading; execute reading');
  await postgres.exec(withdraw({ service: 'orders', version: 1, users: ['shipping'] }));
  expect(await refusal(as('shipping', 'execute reading'))).toBe('42501');
  await postgres.exec('deallocate reading; grant usage on schema orders_v1 to shipping');
  expect(await as('shipping', 'select * from orders_v1.parcel')).toEqual([]);
});

test('order and stock change together or not at all, by the rights of the caller', async () => {
  await placeOrder(asOrders, kettles);
  await expect(placeOrder(asOrders, { ...kettles, id: 'o2', pieces: 4 })).rejects.toThrow('fewer than 4 of kettle');
  expect(await refusal(placeOrder(asOrders, { ...kettles, id: 'o2', pieces: -1 }))).toBe('23514');
  expect(await refusal(placeOrder(asOrders, { ...kettles, id: 'o2', sku: 'bell' }))).toBe('23514');
  expect(await as('orders', 'select id, pieces from orders.parcel')).toEqual([{ id: 'o1', pieces: 2 }]);
  expect(await as('inventory', "select free from inventory.stock where sku = 'kettle'")).toEqual([{ free: 3 }]);
});

test('a function that nobody published is for its owner alone', async () => {
  await as('inventory_owner', 'create function inventory_v1.secret() returns integer language sql as $$ select 1 $$');
  expect(await refusal(as('orders', 'select inventory_v1.secret()'))).toBe('42501');
});

test('a column changes its shape while both versions of orders write and both contracts are read', async () => {
  const [clock, write] = [new VirtualClock(), (statement: string) => as('orders', statement)];
  await placeOrder(asOrders, kettles);
  await placeOrder(asOrders, { ...kettles, id: 'o2', pieces: 1, address: 'Old Barn' });
  await alter(database, expand, { clock });
  await postgres.exec(publish({ service: 'orders', version: 2, contents: ordersV2, users: ['shipping'] }));
  await placeOrder(asOrders, { ...kettles, id: 'o3', pieces: 1, address: 'Flat 2, 9 High Street, Dover' });
  await write("insert into orders.parcel (id, sku, pieces, street, city) values ('o4', 'kettle', 1, '3 Dock Road', 'Hull')");
  // Nobody has touched them: the new version does not see them yet.
  expect(await as('shipping', "select street from orders_v2.parcel where id = 'o1'")).toEqual([{ street: null }]);
  expect(await refusal(alter(database, contract, { clock }))).toBe('23502');
  expect(await backfill(database, 1)).toBe(2);
  expect(await backfill(database)).toBe(0);
  await write("update orders.parcel set address = '5 New Street, York' where id = 'o2'");
  await write("update orders.parcel set city = 'Leeds' where id = 'o3'");
  await write("update orders.parcel set pieces = 2 where id = 'o4'");
  await write("update orders.parcel set address = 'both, Bath', street = '7 Both Street', city = 'Bath' where id = 'o4'");
  expect(await parcels()).toEqual([
    { id: 'o1', address: '1 Mill Lane, Ashford', street: '1 Mill Lane', city: 'Ashford' },
    { id: 'o2', address: '5 New Street, York', street: '5 New Street', city: 'York' },
    { id: 'o3', address: 'Flat 2, 9 High Street, Leeds', street: 'Flat 2, 9 High Street', city: 'Leeds' },
    { id: 'o4', address: '7 Both Street, Bath', street: '7 Both Street', city: 'Bath' },
  ]);
  expect(await as('shipping', "select address from orders_v1.parcel where id = 'o3'")).toEqual([{ address: 'Flat 2, 9 High Street, Leeds' }]);
  // A view that somebody may still read keeps the column.
  expect(await refusal(alter(database, contract, { clock }))).toBe('2BP01');
  await postgres.exec(withdraw({ service: 'orders', version: 1, users: ['shipping'] }));
  expect(await refusal(as('shipping', 'select * from orders_v1.parcel'))).toBe('42501');
  await postgres.exec('drop view orders_v1.parcel');
  await alter(database, contract, { clock });
  expect(await refusal(as('orders', 'select address from orders.parcel'))).toBe('42703');
  expect(await as('shipping', "select street, city from orders_v2.parcel where id = 'o4'")).toEqual([{ street: '7 Both Street', city: 'Bath' }]);
});

test('in a row that nobody has filled, a write of either version keeps what it did not mention', async () => {
  for (const id of ['o1', 'o2', 'o3', 'o4']) await placeOrder(asOrders, { ...kettles, id, pieces: 1 });
  await alter(database, expand);
  await as('orders', "update orders.parcel set street = '2 Mill Lane' where id = 'o1'");
  await as('orders', "update orders.parcel set city = 'Leeds' where id = 'o2'");
  await as('orders', "update orders.parcel set address = 'Old Barn, Ely' where id = 'o3'");
  await as('orders', "update orders.parcel set street = 'New Barn', city = 'Hull' where id = 'o4'");
  expect(await parcels()).toEqual([
    { id: 'o1', address: '2 Mill Lane, Ashford', street: '2 Mill Lane', city: 'Ashford' },
    { id: 'o2', address: '1 Mill Lane, Leeds', street: '1 Mill Lane', city: 'Leeds' },
    { id: 'o3', address: 'Old Barn, Ely', street: 'Old Barn', city: 'Ely' },
    { id: 'o4', address: 'New Barn, Hull', street: 'New Barn', city: 'Hull' },
  ]);
});

test('the new version may leave out the city, and nobody may leave out everything', async () => {
  await alter(database, expand);
  await as('orders', "insert into orders.parcel (id, sku, pieces, street) values ('o1', 'kettle', 1, 'Old Barn')");
  expect(await parcels()).toEqual([{ id: 'o1', address: 'Old Barn', street: 'Old Barn', city: '' }]);
  expect(await refusal(as('orders', "insert into orders.parcel (id, sku, pieces) values ('o2', 'kettle', 1)"))).toBe('23502');
});

test('an address without a comma has no city, and survives both ways', async () => {
  await alter(database, expand);
  await placeOrder(asOrders, { ...kettles, address: 'Old Barn' });
  await as('orders', "update orders.parcel set street = 'New Barn'");
  expect(await parcels()).toEqual([{ id: 'o1', address: 'New Barn', street: 'New Barn', city: '' }]);
});

/** A table whose lock is free from the n-th attempt on. */
function queueing(freeFrom: number) {
  const said: string[] = [];
  let attempts = 0;
  const busy: Database = {
    transaction: (work) => {
      attempts++;
      return work({ query: async (text) => {
        said.push(text);
        if (attempts < freeFrom && !text.startsWith('set')) throw Object.assign(new Error('canceling statement due to lock timeout'), { code: '55P03' });
        return [];
      } });
    },
  };
  return { busy, said, attempts: () => attempts };
}

test('a change that does not get its lock steps out of the queue and comes again after a pause', async () => {
  const clock = new VirtualClock();
  const { busy, said, attempts } = queueing(3);
  const altering = alter(busy, ['alter one', 'alter two'], { clock, lockTimeoutMs: 100, pauseMs: 4_000, random: () => 0 });
  await vi.waitFor(() => expect(clock.pending).toBe(1));
  await clock.advance(1_999);
  expect(attempts()).toBe(1);
  await clock.advance(1);
  await vi.waitFor(() => expect(clock.pending).toBe(1));
  await clock.advance(2_000);
  await altering;
  const limit = 'set local lock_timeout = 100';
  expect(said).toEqual([limit, 'alter one', limit, 'alter one', limit, 'alter one', 'alter two']);
});

test('it gives up after its last attempt, at once for any other error, and when it is told to', async () => {
  const clock = new VirtualClock();
  const never = queueing(99);
  const altering = refusal(alter(never.busy, ['alter one'], { clock, maxAttempts: 2 }));
  await vi.waitFor(() => expect(clock.pending).toBe(1));
  await clock.advance(5_000);
  expect(await altering).toBe('55P03');
  expect(never.attempts()).toBe(2);
  expect(await refusal(alter(database, ['alter table orders.nothing add column x text'], { clock }))).toBe('42P01');
  const stop = new AbortController();
  const stopped = alter(never.busy, ['alter one'], { clock }, stop.signal);
  await vi.waitFor(() => expect(clock.pending).toBe(1));
  stop.abort(new Error('deployment cancelled'));
  await expect(stopped).rejects.toThrow('deployment cancelled');
  expect(clock.pending).toBe(0);
});

test('a change is made whole or not at all', async () => {
  expect(await refusal(alter(database, ['alter table orders.parcel add column extra text', 'alter table orders.nothing add column x text']))).toBe('42P01');
  expect(await refusal(as('orders', 'select extra from orders.parcel'))).toBe('42703');
});

test('names, versions and options that cannot stand in a statement are refused', async () => {
  for (const name of ['Orders', 'a-b', 'pg_orders', "x'; drop", '']) expect(() => own(name)).toThrow(`begin with a letter and not with pg_: current value is '${name}'`);
  const good = { service: 'orders', version: 3, contents: ordersV1, users: ['shipping'] };
  expect(() => publish({ ...good, version: 0 })).toThrow("'version' must be a whole number above 0: current value is 0");
  expect(() => publish({ ...good, version: 1.5 })).toThrow("'version'");
  expect(() => publish({ ...good, users: [] })).toThrow("'users' must not be empty");
  expect(() => publish({ ...good, callers: ['orders'] })).toThrow("each of 'callers' must be one of 'users': 'orders' is not");
  expect(() => withdraw({ ...good, users: ['No'] })).toThrow("current value is 'No'");
  await expect(alter(database, expand, { lockTimeoutMs: 0 })).rejects.toThrow("'lockTimeoutMs' must be a whole number above 0: current value is 0");
  await expect(alter(database, expand, { pauseMs: 1.5 })).rejects.toThrow("'pauseMs'");
  expect([ownerOf('orders'), schemaOf(good)]).toEqual(['orders_owner', 'orders_v3']);
});

test('to own twice changes nothing', async () => {
  await postgres.exec(own('orders'));
  expect(await as('orders', 'select count(*)::integer as parcels from orders.parcel')).toEqual([{ parcels: 0 }]);
});
