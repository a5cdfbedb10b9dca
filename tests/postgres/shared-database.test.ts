/** What needs several sessions: services that wait for each other, in one database. */
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { alter } from '../../src/examples/shared-database/change-column.ts';
import { inventoryContract, inventoryTables, ordersTables, placeOrder } from '../../src/examples/shared-database/shop.ts';
import type { Order } from '../../src/examples/shared-database/shop.ts';
import { useDatabase } from './database.ts';
import type { Session } from './database.ts';

// No roles here: they belong to the server, and locks do not ask who holds them.
const database = useDatabase(`create schema orders; create schema inventory; create schema inventory_v1;
  ${inventoryTables} ${ordersTables} set search_path = inventory_v1; ${inventoryContract}`);
let [orders, inventory, shipping]: Session[] = [];
beforeAll(async () => {
  [orders, inventory, shipping] = await Promise.all([database.session(), database.session(), database.session()]);
});
beforeEach(async () => {
  // A test that failed may have left one open, and would hold up the next.
  await Promise.all([orders, inventory, shipping].map((session) => session!.query('rollback')));
  await database.query("truncate orders.parcel, inventory.stock; insert into inventory.stock values ('kettle', 100), ('lamp', 100)");
});

const order = (id: string, sku = 'kettle'): Order => ({ id, sku, pieces: 1, address: '1 Mill Lane, Ashford' });
const code = (promise: Promise<unknown>): Promise<string> => promise.then(() => 'done', (error: Error & { code: string }) => error.code);
async function isWaiting(promise: Promise<unknown>): Promise<boolean> {
  return await Promise.race([promise.then(() => false, () => false), new Promise<true>((resolve) => setTimeout(() => resolve(true), 200))]);
}

test('a sale that somebody leaves open holds up the stock-taking of another service, for this item only', async () => {
  await orders!.query('begin');
  await orders!.query("select inventory_v1.reserve('kettle', 1)");
  await inventory!.query("update inventory.stock set free = 50 where sku = 'lamp'");
  const counting = inventory!.query("update inventory.stock set free = 50 where sku = 'kettle'");
  expect(await isWaiting(counting)).toBe(true);
  await orders!.query('commit');
  await counting;
  await inventory!.query("set lock_timeout = 100");
  await orders!.query('begin');
  await orders!.query("select inventory_v1.reserve('kettle', 1)");
  expect(await code(inventory!.query("update inventory.stock set free = 40 where sku = 'kettle'"))).toBe('55P03');
  await orders!.query('rollback');
  await inventory!.query('reset lock_timeout');
});

test('a change of a table waits for the slowest reader, and everybody else waits for the change', async () => {
  await shipping!.query('begin');
  await shipping!.query('select count(*) from orders.parcel');
  const changing = inventory!.query('alter table orders.parcel add column weight integer');
  expect(await isWaiting(changing)).toBe(true);
  const reading = orders!.query('select * from orders.parcel');
  expect(await isWaiting(reading)).toBe(true);
  await shipping!.query('commit');
  await Promise.all([changing, reading]);
});

test('with a time limit the change steps aside, readers go on, and it comes through when the slow one is gone', async () => {
  await shipping!.query('begin');
  await shipping!.query('select count(*) from orders.parcel');
  const changing = alter(database, ['alter table orders.parcel add column colour text'], { lockTimeoutMs: 100, pauseMs: 400, random: () => 1 });
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(await isWaiting(orders!.query('select * from orders.parcel'))).toBe(false);
  await shipping!.query('commit');
  await changing;
  expect(await orders!.query('select colour from orders.parcel')).toEqual([]);
});

test('two services that take the same rows in another order deadlock, and one of them loses its work', async () => {
  await orders!.query('begin');
  await inventory!.query('begin');
  await orders!.query("select inventory_v1.reserve('kettle', 1)");
  await inventory!.query("update inventory.stock set free = 50 where sku = 'lamp'");
  const outcomes = [code(orders!.query("select inventory_v1.reserve('lamp', 1)")), code(inventory!.query("update inventory.stock set free = 50 where sku = 'kettle'"))];
  expect((await Promise.all(outcomes)).sort()).toEqual(['40P01', 'done']);
  await Promise.all([orders!.query('rollback'), inventory!.query('rollback')]);
});

test('of two hundred orders for a hundred pieces a hundred are placed, and the parcels match the stock', async () => {
  const placed = await Promise.allSettled(Array.from({ length: 200 }, (_, number) => placeOrder(database, order(`o${number}`))));
  expect(placed.filter(({ status }) => status === 'fulfilled')).toHaveLength(100);
  expect(await database.query("select (select count(*)::integer from orders.parcel) as parcels, free from inventory.stock where sku = 'kettle'")).toEqual([{ parcels: 100, free: 0 }]);
});
