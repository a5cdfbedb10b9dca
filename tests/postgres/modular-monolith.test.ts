/** What PGlite with its one session cannot show: orders that meet. */
import { beforeEach, describe, expect, test } from 'vitest';
import { SoldOutError } from '../../src/examples/modular-monolith/inventory/index.ts';
import { PaymentRefusedError } from '../../src/examples/modular-monolith/payments/index.ts';
import { openShop, shopTables } from '../../src/examples/modular-monolith/shop.ts';
import { useDatabase } from './database.ts';

const database = useDatabase(shopTables);
const shop = openShop(database);
const skus = ['kettle', 'lamp', 'mug'];
beforeEach(async () => {
  await database.query('truncate catalogue.product, inventory.stock, payments.credit, payments.charge, orders.placed, orders.line, shipping.parcel');
  await database.transaction(async (open) => {
    for (const sku of skus) await shop.catalogue.add(open, { sku, title: sku, priceCents: 100 });
  });
});
const give = (customers: readonly string[], cents: number, pieces: number) => database.transaction(async (open) => {
  for (const customer of customers) await shop.payments.payIn(open, customer, cents);
  for (const sku of skus) await shop.inventory.receive(open, { sku, pieces });
});

describe('orders that meet on a real server', () => {
  test('the last pieces are sold once', async () => {
    const customers = Array.from({ length: 12 }, (_, index) => `customer-${index}`);
    await give(customers, 1_000, 5);
    const ends = await Promise.allSettled(customers.map((customer) => shop.orders.place({ customer, lines: [{ sku: 'kettle', pieces: 1 }] })));
    expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(5);
    expect(ends.flatMap((end) => (end.status === 'rejected' && !(end.reason instanceof SoldOutError) ? [end.reason] : []))).toEqual([]);
    expect(await database.transaction(async (open) => [await shop.inventory.inStock(open, 'kettle'), (await shop.shipping.toSend(open)).length])).toEqual([0, 5]);
  });

  test('a credit is spent once', async () => {
    await give(['ada'], 250, 100);
    const ends = await Promise.allSettled(Array.from({ length: 8 }, () => shop.orders.place({ customer: 'ada', lines: [{ sku: 'mug', pieces: 1 }] })));
    expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
    expect(ends.flatMap((end) => (end.status === 'rejected' && !(end.reason instanceof PaymentRefusedError) ? [end.reason] : []))).toEqual([]);
    expect(await database.transaction(async (open) => [await shop.payments.creditOf(open, 'ada'), await shop.inventory.inStock(open, 'mug')])).toEqual([50, 98]);
  });

  test('orders for the same products in another order never wait for each other for ever', async () => {
    const customers = Array.from({ length: 8 }, (_, index) => `customer-${index}`);
    await give(customers, 100_000, 1_000);
    await Promise.all(customers.map(async (customer, index) => {
      const lines = (index % 2 === 0 ? skus : skus.toReversed()).map((sku) => ({ sku, pieces: 1 }));
      for (let turn = 0; turn < 20; turn += 1) await shop.orders.place({ customer, lines });
    }));
    expect(await database.transaction((open) => shop.inventory.inStock(open, 'lamp'))).toBe(1_000 - 160);
  });
});
