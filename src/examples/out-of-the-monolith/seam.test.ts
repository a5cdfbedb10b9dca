import { PGlite } from '@electric-sql/pglite';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { requests } from '../decompose-by-business-capability/changes.ts';
import { breaches, importsIn } from '../modular-monolith/boundaries.ts';
import type { Sources } from '../modular-monolith/boundaries.ts';
import { NotSoldError } from '../modular-monolith/catalogue/index.ts';
import type { Database } from '../modular-monolith/database.ts';
import { architecture } from '../modular-monolith/modules.ts';
import { openShipping } from '../modular-monolith/shipping/index.ts';
import { openShop, shopTables } from '../modular-monolith/shop.ts';
import type { Shop } from '../modular-monolith/shop.ts';
import { VirtualClock } from '../virtual-clock.ts';
import { candidates } from './first-part.ts';
import { Move, steps } from './out-of-the-monolith.ts';
import type { Catalogue } from './out-of-the-monolith.ts';
import { ordersOver } from './seam.ts';

const texts: Record<string, string> = import.meta.glob(['../modular-monolith/**/*.ts', '!../modular-monolith/*.test.ts'], { query: '?raw', import: 'default', eager: true });
const sources: Sources = Object.fromEntries(Object.entries(texts).map(([path, text]) => [path.replace('../modular-monolith/', ''), text]));
const changes = requests.map(({ wanted, begins }) => ({ wanted, files: begins.map(([file]) => file) }));

const skus = ['kettle', 'lamp', ...Array.from({ length: 14 }, (_, each) => `sku-${each}`)];
/** One piece of each product: whatever share a step moves, the order meets both sides. */
const lines = skus.map((sku) => ({ sku, pieces: 1 }));

/** What happened, in its order: transactions, statements, and questions for a price. */
const seen: string[] = [];
let postgres: PGlite;
let monolith: Shop;
let isOpen = false;
const database: Database = {
  transaction: (work) => postgres.transaction(async (open) => {
    seen.push('begin');
    isOpen = true;
    const result = await work({ query: async <Row>(text: string, parameters: readonly unknown[]) => (seen.push(text), (await open.query<Row>(text, [...parameters])).rows) });
    seen.push('commit');
    return result;
  }).finally(() => { isOpen = false; }),
};
/** A question for a price inside a transaction would wait for a session that never comes. */
function hear(): void {
  if (isOpen) throw new Error('a price was asked inside a transaction');
  seen.push('price');
}
beforeAll(async () => {
  postgres = await PGlite.create();
}, 120_000);
afterAll(() => postgres.close());
beforeEach(async () => {
  await postgres.exec(`drop schema if exists catalogue, inventory, payments, orders, shipping cascade; ${shopTables}`);
  monolith = openShop(database);
  await database.transaction(async (open) => {
    for (const sku of skus) await monolith.catalogue.add(open, { sku, title: sku, priceCents: 2_500 });
    for (const sku of [...skus, 'sofa']) await monolith.inventory.receive(open, { sku, pieces: 100 });
    await monolith.payments.payIn(open, 'ada', 1_000_000);
  });
  seen.length = 0;
});

describe('the first part', () => {
  test('is the catalogue: outside of the commit, asks nobody, and changes alone more often than not', async () => {
    await monolith.orders.place({ customer: 'ada', lines: [{ sku: 'kettle', pieces: 2 }] });
    expect(candidates(architecture, importsIn(sources), changes, seen)).toEqual([
      { module: 'catalogue', askedBy: ['orders'], asks: [], isInCommit: false, requests: 3, alone: 2 },
      { module: 'inventory', askedBy: ['orders'], asks: [], isInCommit: true, requests: 3, alone: 2 },
      { module: 'payments', askedBy: ['orders'], asks: [], isInCommit: true, requests: 3, alone: 1 },
      { module: 'shipping', askedBy: [], asks: ['orders'], isInCommit: true, requests: 4, alone: 2 },
      { module: 'orders', askedBy: ['shipping'], asks: ['catalogue', 'inventory', 'payments'], isInCommit: true, requests: 5, alone: 2 },
    ]);
  });

  test('what writes with the order comes last, however well it stands alone', () => {
    const first = (statements: string[]) => candidates(architecture, importsIn(sources), changes, statements)[0]!.module;
    expect([first([]), first(['update catalogue.product set is_sold = false'])]).toEqual(['catalogue', 'inventory']);
    expect(candidates({ modules: { gifts: [] }, shared: [] }, [], [], [])).toEqual([{ module: 'gifts', askedBy: [], asks: [], isInCommit: false, requests: 0, alone: 0 }]);
    const priced = [{ wanted: 'A brand', files: ['catalogue/products.ts'] }];
    expect(candidates({ modules: { gifts: [], catalogue: [] }, shared: [] }, [], priced, []).map(({ module }) => module)).toEqual(['catalogue', 'gifts']);
  });

  test('a shortcut into it would be found before the move', () => {
    const shortcut = { ...sources, 'orders/place-order.ts': `${sources['orders/place-order.ts']}\nconst popular = 'select title from orders.line join catalogue.product using (sku)';\n` };
    expect(breaches(architecture, shortcut).map(({ rule, file, found }) => [rule, file, found])).toEqual([['foreign table', 'orders/place-order.ts', 'join catalogue.product']]);
  });
});

/** The shop over a façade: the old catalogue is the module, the new one knows the same products elsewhere. */
function moving() {
  const clock = new VirtualClock();
  const elsewhere = new Map(skus.map((sku) => [sku, 2_500]));
  const asked = { old: 0, modern: 0 };
  const old: Catalogue = {
    price: async ({ sku, pieces }) => {
      asked.old += 1;
      hear();
      return database.transaction((open) => monolith.catalogue.priceOf(open, sku)).then((cents) => cents * pieces, (error: unknown) => {
        if (error instanceof NotSoldError) return undefined;
        throw error;
      });
    },
    setPrice: async () => 1,
  };
  const modern: Catalogue = {
    price: async ({ sku, pieces }) => {
      asked.modern += 1;
      hear();
      const cents = elsewhere.get(sku);
      return cents === undefined ? undefined : cents * pieces;
    },
    setPrice: async () => 2,
  };
  const move = new Move(old, modern, { rules: { enough: 1, mayDiffer: 0, mayFail: 0 }, maxRehearsals: 100, rehearsalTimeoutMs: 100, clock, moveOwnership: async () => {} });
  const orders = ordersOver(move.price, database, monolith);
  const shipping = openShipping(orders);
  return { clock, elsewhere, asked, move, orders, shipping };
}

/** Orders, and baskets with ten pieces, or there would be no evidence of that kind. */
async function sell({ clock, orders, move }: ReturnType<typeof moving>): Promise<void> {
  expect((await orders.place({ customer: 'ada', lines })).totalCents).toBe(16 * 2_500);
  for (const sku of skus) expect(await move.price({ sku, pieces: 10 })).toBe(25_000);
  await clock.advance(100);
}

async function allRead(): Promise<ReturnType<typeof moving>> {
  const shop = moving();
  while (shop.move.step.reads < 1) {
    await sell(shop);
    await shop.move.decide();
  }
  return shop;
}

describe('the seam', () => {
  test('orders are placed alike at each step of the move, and the modules have not changed', async () => {
    const shop = moving();
    const { asked, move, orders, shipping } = shop;
    for (let each = 1; each < steps.length; each += 1) {
      await sell(shop);
      expect(await move.decide()).toBe('on');
    }
    expect(move.step.name).toBe('all write');
    asked.old = 0;
    await sell(shop);
    expect(asked.old).toBe(0);
    const numbers = await database.transaction((open) => orders.ordersOf(open, 'ada'));
    expect(numbers).toHaveLength(steps.length);
    expect(await database.transaction((open) => shipping.toSend(open))).toEqual(numbers);
  });

  test('asks every price before the transaction of the order begins', async () => {
    const shop = await allRead();
    seen.length = 0;
    await shop.orders.place({ customer: 'ada', lines: lines.slice(0, 2) });
    expect(seen.filter((each) => /^(price|begin|commit)$/.test(each))).toEqual(['price', 'price', 'begin', 'commit']);
  });

  test('the order has the price that was quoted, whatever the table of the monolith still says', async () => {
    const shop = await allRead();
    shop.elsewhere.set('kettle', 2_600);
    const { id, totalCents } = await shop.orders.place({ customer: 'ada', lines: [{ sku: 'kettle', pieces: 2 }] });
    expect(totalCents).toBe(5_200);
    expect((await postgres.query('select price_cents from orders.line where order_id = $1', [id])).rows).toEqual([{ price_cents: 2_600 }]);
  });

  test('what is sold nowhere is refused by name, and nothing was begun', async () => {
    const { orders } = moving();
    await expect(orders.place({ customer: 'ada', lines: [{ sku: 'sofa', pieces: 1 }] })).rejects.toThrow(new NotSoldError('sofa'));
    expect(await database.transaction((open) => monolith.inventory.inStock(open, 'sofa'))).toBe(100);
    expect(seen.some((each) => each.startsWith('insert into orders'))).toBe(false);
  });
});
