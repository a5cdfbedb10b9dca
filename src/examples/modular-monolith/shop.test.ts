import { PGlite } from '@electric-sql/pglite';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { NotSoldError } from './catalogue/index.ts';
import type { Database, Transaction } from './database.ts';
import { SoldOutError } from './inventory/index.ts';
import { PaymentRefusedError } from './payments/index.ts';
import { openShop, shopTables } from './shop.ts';
import type { Shop } from './shop.ts';

let postgres: PGlite;
let shop: Shop;
const database: Database = {
  transaction: (work) => postgres.transaction((open) => work({ query: async <Row>(text: string, parameters: readonly unknown[]) => (await open.query<Row>(text, [...parameters])).rows })),
};
const ask = <Result>(work: (open: Transaction) => Promise<Result>): Promise<Result> => database.transaction(work);

beforeAll(async () => {
  postgres = await PGlite.create();
}, 120_000);
afterAll(() => postgres.close());
beforeEach(async () => {
  await postgres.exec(`drop schema if exists catalogue, inventory, payments, orders, shipping cascade; ${shopTables}`);
  shop = openShop(database);
  await ask(async (open) => {
    await shop.catalogue.add(open, { sku: 'kettle', title: 'Kettle', priceCents: 2_500 });
    await shop.catalogue.add(open, { sku: 'lamp', title: 'Lamp', priceCents: 4_000 });
    await shop.inventory.receive(open, { sku: 'kettle', pieces: 3 });
    await shop.inventory.receive(open, { sku: 'kettle', pieces: 2 });
    await shop.inventory.receive(open, { sku: 'lamp', pieces: 1 });
    await shop.payments.payIn(open, 'ada', 6_000);
    await shop.payments.payIn(open, 'ada', 4_000);
  });
});

const two = { sku: 'kettle', pieces: 2 };
/** What all the modules hold, as their faces tell it. */
const state = () => ask(async (open) => ({
  kettles: await shop.inventory.inStock(open, 'kettle'),
  lamps: await shop.inventory.inStock(open, 'lamp'),
  credit: await shop.payments.creditOf(open, 'ada'),
  orders: await shop.orders.ordersOf(open, 'ada'),
  parcels: await shop.shipping.toSend(open),
}));
const untouched = { kettles: 5, lamps: 1, credit: 10_000, orders: [], parcels: [] };

test('an order takes the goods, charges the customer and asks for a parcel', async () => {
  const order = await shop.orders.place({ customer: 'ada', lines: [{ sku: 'lamp', pieces: 1 }, two] });
  expect(order).toEqual({ id: 1, customer: 'ada', totalCents: 9_000, lines: [{ sku: 'lamp', pieces: 1 }, two] });
  expect(await state()).toEqual({ kettles: 3, lamps: 0, credit: 1_000, orders: [1], parcels: [1] });
  await ask((open) => shop.shipping.send(open, 1));
  expect((await state()).parcels).toEqual([]);
});

test('a refused payment undoes the order and gives the goods back', async () => {
  await expect(shop.orders.place({ customer: 'ada', lines: [{ sku: 'kettle', pieces: 5 }] })).rejects.toThrow(new PaymentRefusedError('ada'));
  expect(await state()).toEqual(untouched);
});

test('a product that is sold out leaves the other lines untouched', async () => {
  await expect(shop.orders.place({ customer: 'ada', lines: [two, { sku: 'lamp', pieces: 2 }] })).rejects.toThrow(new SoldOutError('lamp'));
  expect(await state()).toEqual(untouched);
});

test('what the catalogue does not sell is not ordered', async () => {
  await ask((open) => shop.catalogue.withdraw(open, 'kettle'));
  await expect(shop.orders.place({ customer: 'ada', lines: [two] })).rejects.toThrow(new NotSoldError('kettle'));
  await expect(shop.orders.place({ customer: 'ada', lines: [{ sku: 'sofa', pieces: 1 }] })).rejects.toThrow(new NotSoldError('sofa'));
  expect(await state()).toEqual(untouched);
});

test('a customer of whom payments knows nothing has no credit, and a product without stock no pieces', async () => {
  await expect(shop.orders.place({ customer: 'bob', lines: [two] })).rejects.toThrow(new PaymentRefusedError('bob'));
  expect(await ask(async (open) => [await shop.payments.creditOf(open, 'bob'), await shop.inventory.inStock(open, 'sofa')])).toEqual([0, 0]);
});

test('a listener that fails undoes the order: it is part of the unit', async () => {
  shop.orders.onPlaced(async () => { throw new Error('no room in the depot'); });
  await expect(shop.orders.place({ customer: 'ada', lines: [two] })).rejects.toThrow('no room in the depot');
  expect(await state()).toEqual(untouched);
});

test('a price that changes later does not change what was ordered', async () => {
  await shop.orders.place({ customer: 'ada', lines: [two] });
  await postgres.exec("update catalogue.product set price_cents = 1 where sku = 'kettle'");
  expect((await postgres.query('select price_cents from orders.line')).rows).toEqual([{ price_cents: 2_500 }]);
});

test('an order has lines, and each of them a number of pieces', async () => {
  await expect(shop.orders.place({ customer: 'ada', lines: [] })).rejects.toThrow('an order must have at least one line: current value has 0');
  await expect(shop.orders.place({ customer: 'ada', lines: [{ sku: 'kettle', pieces: 0 }] })).rejects.toThrow("pieces of 'kettle' must be a positive integer: current value is 0");
  await expect(shop.orders.place({ customer: 'ada', lines: [{ sku: 'kettle', pieces: 1.5 }] })).rejects.toThrow(RangeError);
  expect(await state()).toEqual(untouched);
});
