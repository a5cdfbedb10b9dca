import { PGlite } from '@electric-sql/pglite';
import { afterAll, beforeAll, beforeEach, describe, expect, expectTypeOf, test } from 'vitest';
import { breaches } from '../modular-monolith/boundaries.ts';
import type { Sources } from '../modular-monolith/boundaries.ts';
import { catalogueTables, NotSoldError, openCatalogue } from '../modular-monolith/catalogue/index.ts';
import type { Product as Offered } from '../modular-monolith/catalogue/index.ts';
import type { Database, Transaction } from '../modular-monolith/database.ts';
import { inventoryTables, openInventory } from '../modular-monolith/inventory/index.ts';
import { architecture } from '../modular-monolith/modules.ts';
import { openOrders, ordersTables } from '../modular-monolith/orders/index.ts';
import type { Orders } from '../modular-monolith/orders/index.ts';
import { openPayments, paymentsTables } from '../modular-monolith/payments/index.ts';
import { contextMap, homonyms, mistakes } from './context-map.ts';
import { CannotShipError, openShipping, shippingTables, TooHeavyError } from './decompose-by-subdomain.ts';
import type { Product as Carried, Shipping } from './decompose-by-subdomain.ts';
import { heaviestGrams, packed } from './model.ts';
import { requestOf } from './translation.ts';

const kettle: Carried = { sku: 'kettle', grams: 1_200, isFragile: false };
const vase: Carried = { sku: 'vase', grams: 900, isFragile: true };
const stove: Carried = { sku: 'stove', grams: 20_000, isFragile: false };
const to = { name: 'Bob', address: 'Mill Lane 3' };

describe('the model of shipping', () => {
  test('packs every piece once, within what the carrier takes, and what may break apart from the rest', () => {
    let seed = 5;
    const draw = (below: number): number => { seed = (seed * 48_271) % 2_147_483_647; return seed % below; };
    for (let run = 0; run < 300; run++) {
      const items = Array.from({ length: draw(5) + 1 }, (_, index) => ({ product: { sku: `p${index}`, grams: draw(heaviestGrams) + 1, isFragile: draw(2) === 0 }, pieces: draw(6) + 1 }));
      const parcels = packed({ orderId: 1, to, items });
      const count = (skus: readonly string[]) => Object.fromEntries([...Map.groupBy(skus, (sku) => sku)].map(([sku, all]) => [sku, all.length]));
      expect(count(parcels.flatMap(({ skus }) => skus))).toEqual(Object.fromEntries(items.map(({ product, pieces }) => [product.sku, pieces])));
      for (const { skus, grams, isFragile } of parcels) {
        const products = skus.map((sku) => items.find(({ product }) => product.sku === sku)!.product);
        expect(products.every((product) => product.isFragile === isFragile)).toBe(true);
        expect(products.reduce((sum, product) => sum + product.grams, 0)).toBe(grams);
        expect(grams).toBeLessThanOrEqual(heaviestGrams);
      }
    }
  });

  test('fills a parcel to the limit and begins the next', () => {
    const third = { sku: 'box', grams: heaviestGrams / 3, isFragile: false };
    expect(packed({ orderId: 1, to, items: [{ product: third, pieces: 4 }] }).map(({ skus }) => skus.length)).toEqual([3, 1]);
    expect(() => packed({ orderId: 1, to, items: [{ product: { ...stove, grams: heaviestGrams + 1 }, pieces: 1 }] })).toThrow(new TooHeavyError('stove'));
  });
});

test('the translation leaves money behind and makes one thing to carry of two lines', () => {
  const request = requestOf({ id: 7, customer: 'ada', totalCents: 900, lines: [{ sku: 'kettle', pieces: 1 }, { sku: 'vase', pieces: 1 }, { sku: 'kettle', pieces: 2 }] });
  expect(request).toEqual({ orderId: 7, askedBy: 'ada', pieces: new Map([['kettle', 3], ['vase', 1]]) });
});

let postgres: PGlite;
const database: Database = {
  transaction: (work) => postgres.transaction((open) => work({ query: async <Row>(text: string, parameters: readonly unknown[]) => (await open.query<Row>(text, [...parameters])).rows })),
};
const ask = <Result>(work: (open: Transaction) => Promise<Result>): Promise<Result> => database.transaction(work);
const [catalogue, inventory, payments] = [openCatalogue(), openInventory(), openPayments()];
let orders: Orders;
let shipping: Shipping;
beforeAll(async () => { postgres = await PGlite.create(); }, 120_000);
afterAll(() => postgres.close());
beforeEach(async () => {
  await postgres.exec(`drop schema if exists catalogue, inventory, payments, orders, shipping cascade;
    ${catalogueTables} ${inventoryTables} ${paymentsTables} ${ordersTables} ${shippingTables}`);
  orders = openOrders(database, { catalogue, inventory, payments });
  shipping = openShipping(orders);
  await ask(async (open) => {
    for (const product of [kettle, vase, stove]) {
      await catalogue.add(open, { sku: product.sku, title: product.sku, priceCents: 100 });
      await inventory.receive(open, { sku: product.sku, pieces: 9 });
      await shipping.weigh(open, product);
    }
    await shipping.sendTo(open, 'ada', to);
    await payments.payIn(open, 'ada', 10_000);
  });
});
const place = (...lines: [sku: string, pieces: number][]) => orders.place({ customer: 'ada', lines: lines.map(([sku, pieces]) => ({ sku, pieces })) });
const rows = async (text: string) => (await postgres.query(text)).rows;

describe('one word, two rules', () => {
  test('a product that is sold no longer is still carried', async () => {
    const { id } = await place(['kettle', 1]);
    await ask((open) => catalogue.withdraw(open, 'kettle'));
    await expect(place(['kettle', 1])).rejects.toThrow(NotSoldError);
    const [parcel] = await ask((open) => shipping.waiting(open, id));
    await ask((open) => shipping.handOver(open, parcel!));
    expect(await ask((open) => shipping.isComplete(open, id))).toBe(true);
  });

  test('a product that was never weighed can be offered, and not ordered', async () => {
    await ask(async (open) => {
      await catalogue.add(open, { sku: 'rug', title: 'Rug', priceCents: 100 });
      await inventory.receive(open, { sku: 'rug', pieces: 1 });
    });
    expect(await ask((open) => catalogue.priceOf(open, 'rug'))).toBe(100);
    await expect(place(['kettle', 1], ['rug', 1])).rejects.toThrow(new CannotShipError("'rug' was never weighed"));
    expect(await rows('select id from orders.placed')).toEqual([]);
    expect(await ask((open) => payments.creditOf(open, 'ada'))).toBe(10_000);
  });

  test('the customer pays, and somebody else receives', async () => {
    await place(['kettle', 1]);
    await ask((open) => shipping.sendTo(open, 'ada', { name: 'Eve', address: 'High Street 9' }));
    await place(['vase', 1]);
    expect(await rows('select name, address, is_fragile from shipping.parcel order by number')).toEqual([
      { name: 'Bob', address: 'Mill Lane 3', is_fragile: false }, { name: 'Eve', address: 'High Street 9', is_fragile: true },
    ]);
    expect(await ask((open) => payments.creditOf(open, 'ada'))).toBe(9_800);
    await ask((open) => payments.payIn(open, 'bob', 500));
    await expect(orders.place({ customer: 'bob', lines: [{ sku: 'kettle', pieces: 1 }] })).rejects.toThrow("nobody has said where to send what 'bob' asks for");
  });

  test('an order is paid when it is placed, and complete when its last parcel has left', async () => {
    const { id } = await place(['stove', 2], ['vase', 1]);
    expect(await ask((open) => payments.creditOf(open, 'ada'))).toBe(9_700);
    const parcels = await ask((open) => shipping.waiting(open, id));
    expect(parcels).toHaveLength(3);
    for (const parcel of parcels) {
      expect(await ask((open) => shipping.isComplete(open, id))).toBe(false);
      await ask((open) => shipping.handOver(open, parcel));
      expect(await ask((open) => shipping.waiting(open, id))).not.toContain(parcel);
    }
    expect(await ask((open) => shipping.isComplete(open, id))).toBe(true);
    await ask((open) => shipping.handOver(open, parcels[0]!));
    await expect(ask((open) => shipping.handOver(open, parcels[2]! + 1))).rejects.toThrow(`there is no parcel ${parcels[2]! + 1}`);
    expect(await ask((open) => shipping.isComplete(open, id + 1)), 'an order without parcels').toBe(false);
  });

  test('a new weight counts for what is packed from now on', async () => {
    await place(['kettle', 1]);
    await ask((open) => shipping.weigh(open, { ...kettle, grams: 1_500, isFragile: true }));
    await place(['kettle', 1]);
    expect(await rows('select grams from shipping.parcel order by number')).toEqual([{ grams: 1_200 }, { grams: 1_500 }]);
  });
});

describe('neither type leaks', () => {
  const read = (texts: Record<string, string>, folder: string) => Object.entries(texts).map(([path, text]): [string, string] => [path.slice(folder.length), text]);
  const monolith: Record<string, string> = import.meta.glob(['../modular-monolith/**/*.ts', '!../modular-monolith/**/*.test.ts', '!../modular-monolith/shipping/*.ts'], { query: '?raw', import: 'default', eager: true });
  const own: Record<string, string> = import.meta.glob(['./*.ts', '!./*.test.ts', '!./context-map.ts'], { query: '?raw', import: 'default', eager: true });
  /** The shop with this module in the place of the one that only counted pieces. */
  const sources: Sources = Object.fromEntries([
    ...read(monolith, '../modular-monolith/'),
    ...read(own, './').map(([file, text]): [string, string] => [`shipping/${file.replace('decompose-by-subdomain', 'index')}`, text.replaceAll('../modular-monolith/', '../')]),
  ]);
  const planted = (file: string, text: string): Sources => ({ ...sources, [file]: `${sources[file]!}\n${text}\n` });
  const found = (given: Sources) => mistakes(contextMap, given).map(({ rule, file, found: what }) => `${rule}: ${file}: ${what}`);

  test('the compiler takes neither for the other', () => {
    expectTypeOf<Offered>().not.toExtend<Carried>();
    expectTypeOf<Carried>().not.toExtend<Offered>();
    expect(homonyms(contextMap)).toEqual(['Product']);
  });

  test('the code is as the map says, and keeps the borders of the monolith', () => {
    expect(Object.keys(sources).filter((file) => file.startsWith('shipping/')).sort()).toEqual(['shipping/index.ts', 'shipping/model.ts', 'shipping/tables.ts', 'shipping/translation.ts']);
    expect(breaches(architecture, sources)).toEqual([]);
    expect(found(sources)).toEqual([]);
  });

  test('a foreign type in the model is found, although the import is allowed', () => {
    const leak = planted('shipping/model.ts', "import type { Order } from '../orders/index.ts';");
    expect(breaches(architecture, leak)).toEqual([]);
    expect(found(leak)).toEqual(['past the translation: shipping/model.ts: imports orders/index.ts']);
  });

  test('so is a type of shipping in the catalogue, and one of the catalogue in shipping', () => {
    const there = planted('catalogue/products.ts', "import type { Recipient } from '../shipping/index.ts';");
    expect(found(there)).toEqual(['not on the map: catalogue/products.ts: imports shipping/index.ts']);
    expect(breaches(architecture, there).map(({ rule }) => rule)).toContain('undeclared');
    expect(found(planted('shipping/translation.ts', "import type { Product } from '../catalogue/index.ts';"))).toEqual(['not on the map: shipping/translation.ts: imports catalogue/index.ts']);
  });

  test('the map is found out when it is old', () => {
    expect(found(planted('payments/index.ts', "export type { Refund } from './credit.ts';"))).toEqual(['word without meaning: payments/index.ts: Refund']);
    const { 'inventory/index.ts': face, ...rest } = sources;
    expect(found({ ...rest, 'inventory/index.ts': face!.replace('export type { Pieces }', 'type Pieces = { Pieces: 1 }; //') })).toEqual(['word without type: inventory/index.ts: Pieces']);
    expect(found(Object.fromEntries(Object.entries(sources).filter(([file]) => !file.startsWith('shipping/'))))).toEqual([
      'unused: shipping/index.ts: nothing of orders', 'word without type: shipping/index.ts: Product', 'word without type: shipping/index.ts: Recipient',
    ]);
  });

  test('no value of money or of offers is stored by shipping, and none of weight elsewhere', async () => {
    await place(['kettle', 1]);
    const columns = (await rows("select table_schema as schema, column_name as name from information_schema.columns where table_schema in ('catalogue', 'inventory', 'payments', 'orders', 'shipping')")) as { schema: string; name: string }[];
    const foreign = columns.filter(({ schema, name }) => (schema === 'shipping' ? /cents|price|title|sold|customer/ : /gram|fragile|address|parcel/).test(name));
    expect(columns.length).toBeGreaterThan(15);
    expect(foreign).toEqual([]);
  });
});
