import { PGlite } from '@electric-sql/pglite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { importsIn } from '../modular-monolith/boundaries.ts';
import type { Sources } from '../modular-monolith/boundaries.ts';
import type { Database } from '../modular-monolith/database.ts';
import { openShop, shopTables } from '../modular-monolith/shop.ts';
import { requests } from './changes.ts';
import { byCapability, byLayer, changesFrom, measure, together } from './decompose-by-business-capability.ts';
import type { Change } from './decompose-by-business-capability.ts';

const texts: Record<string, string> = import.meta.glob(['../modular-monolith/**/*.ts', '!../modular-monolith/*.test.ts'], { query: '?raw', import: 'default', eager: true });
const sources: Sources = Object.fromEntries(Object.entries(texts).map(([path, text]) => [path.replace('../modular-monolith/', ''), text]));
const imports = importsIn(sources);
const changes: Change[] = requests.map(({ wanted, begins }) => ({ wanted, files: begins.map(([file]) => file) }));

const fine = byCapability('five capabilities', { catalogue: ['catalogue'], inventory: ['inventory'], orders: ['orders'], payments: ['payments'], shipping: ['shipping'] });
const coarse = byCapability('two capabilities', { selling: ['catalogue', 'orders', 'payments'], fulfilment: ['inventory', 'shipping'] });

/** What the database is told while one order is placed. */
const statements: string[] = [];
let postgres: PGlite;
beforeAll(async () => {
  postgres = await PGlite.create();
  await postgres.exec(shopTables);
  const database: Database = {
    transaction: (work) => postgres.transaction((open) => work({ query: async <Row>(text: string, parameters: readonly unknown[]) => (statements.push(text), (await open.query<Row>(text, [...parameters])).rows) })),
  };
  const shop = openShop(database);
  await database.transaction(async (open) => {
    await shop.catalogue.add(open, { sku: 'kettle', title: 'Kettle', priceCents: 2_500 });
    await shop.inventory.receive(open, { sku: 'kettle', pieces: 5 });
    await shop.payments.payIn(open, 'ada', 10_000);
  });
  statements.length = 0;
  await shop.orders.place({ customer: 'ada', lines: [{ sku: 'kettle', pieces: 2 }] });
}, 120_000);
afterAll(() => postgres.close());

const measured = (cut: typeof byLayer) => measure(cut, Object.keys(sources), changes, imports, statements);

describe('the data', () => {
  test('each change begins at a line that the code base has, once', () => {
    const places = requests.flatMap(({ wanted, begins }) => begins.map(([file, line]) => ({ wanted, file, line, found: sources[file]?.split(line).length })));
    expect(places.filter(({ found }) => found !== 2)).toEqual([]);
    expect(requests).toHaveLength(12);
  });

  test('no module is left out', () => {
    expect(new Set(changes.flatMap(({ files }) => files.map((file) => file.split('/')[0])))).toEqual(new Set(['catalogue', 'inventory', 'orders', 'payments', 'shipping']));
  });
});

describe('three cuts of one code base', () => {
  test('by layer nearly every change needs several services, and they need each other in a circle', () => {
    const { services, inside, across, crossings, commit } = measured(byLayer);
    expect({ services, inside, crossings, commit }).toEqual({
      services: ['data', 'interface', 'logic'],
      inside: 1,
      crossings: ['interface → data', 'interface → logic', 'logic → interface'],
      commit: ['data'],
    });
    expect(across).toHaveLength(11);
    expect(across.filter((each) => each.services.length === 3).map(({ wanted }) => wanted)).toEqual(['A number to follow the parcel', 'Prices in a second currency', 'A customer takes an order back']);
  });

  test('by capability most stay inside one, and one commit becomes four', () => {
    expect(measured(fine)).toEqual({
      services: ['catalogue', 'inventory', 'orders', 'payments', 'shipping'],
      inside: 9,
      across: [
        { wanted: 'Prices in a second currency', services: ['catalogue', 'orders', 'payments'] },
        { wanted: 'A customer takes an order back', services: ['orders', 'payments', 'shipping'] },
        { wanted: 'Cheese by weight', services: ['inventory', 'orders', 'shipping'] },
      ],
      crossings: ['orders → catalogue', 'orders → inventory', 'orders → payments', 'shipping → orders'],
      commit: ['inventory', 'orders', 'payments', 'shipping'],
    });
  });

  test('two larger ones need each other, which five did not', () => {
    const { inside, crossings, commit } = measured(coarse);
    expect({ inside, crossings, commit }).toEqual({ inside: 10, crossings: ['fulfilment → selling', 'selling → fulfilment'], commit: ['fulfilment', 'selling'] });
  });

  test('what puts the parts together belongs to none', () => {
    for (const cut of [byLayer, fine]) expect(['shop.ts', 'boundaries.ts', 'database.ts'].map(cut.serviceOf)).toEqual([undefined, undefined, undefined]);
    const { inside, across } = measure(fine, [], [{ wanted: 'Another database driver', files: ['database.ts'] }], [], []);
    expect([inside, across]).toEqual([0, []]);
  });

  test('reading is not writing', () => {
    const read = ['select pieces from inventory.stock', 'UPDATE payments.credit set cents = 0', 'delete from orders.line'];
    expect(measure(fine, [], [], [], read).commit).toEqual(['orders', 'payments']);
    const twoInOne = 'with taken as (update inventory.stock set pieces = 0 returning sku) insert into orders.line select 1, sku, 1, 1 from taken';
    expect(measure(fine, [], [], [], [twoInOne]).commit).toEqual(['inventory', 'orders']);
  });
});

describe('what changes together', () => {
  test('of the layers, rules and tables in three changes of four; of the capabilities, no pair in more than one of three', () => {
    expect(together(byLayer, changes)[0]).toEqual({ services: ['data', 'logic'], both: 9, share: 9 / 12 });
    expect(together(fine, changes)[0]).toEqual({ services: ['orders', 'payments'], both: 2, share: 2 / 6 });
    expect(Math.max(...together(fine, changes).map(({ share }) => share))).toBeLessThan(0.4);
  });

  test('two services that always change together are one', () => {
    const split = byCapability('prices apart', { prices: ['catalogue'], baskets: ['orders'] });
    const always = [{ wanted: 'a', files: ['catalogue/products.ts', 'orders/tables.ts'] }, { wanted: 'b', files: ['orders/index.ts', 'catalogue/index.ts', 'database.ts'] }];
    expect(together(split, always)).toEqual([{ services: ['baskets', 'prices'], both: 2, share: 1 }]);
    expect(together(split, always.map(({ wanted, files: [file] }) => ({ wanted, files: [file!] })))).toEqual([]);
  });
});

describe('a history', () => {
  const log = `# SHOP-7 Gift notes\n\norders/tables.ts\norders/place-order.ts\n# Newer driver\n\ndatabase.ts\n# SHOP-7 Gift notes, second part\n\norders/place-order.ts\nshipping/parcels.ts\n`;

  test('commits of one ticket are one change; what has no ticket stands alone', () => {
    expect(changesFrom(log, /SHOP-\d+/)).toEqual([
      { wanted: 'SHOP-7', files: ['orders/tables.ts', 'orders/place-order.ts', 'shipping/parcels.ts'] },
      { wanted: 'Newer driver', files: ['database.ts'] },
    ]);
  });

  test('two commits without a ticket are two changes, also under one subject', () => {
    const typos = '# Typos\n\norders/tables.ts\n# Typos\n\nshipping/parcels.ts\n';
    expect(changesFrom(typos, /SHOP-\d+/)).toEqual([{ wanted: 'Typos', files: ['orders/tables.ts'] }, { wanted: 'Typos', files: ['shipping/parcels.ts'] }]);
  });

  test('a ticket that begins with an empty commit is one change, however the number is looked for', () => {
    const empty = '# SHOP-8 Nothing yet\n# SHOP-8 Parcels\n\nshipping/parcels.ts\n';
    for (const ticket of [/SHOP-\d+/, /SHOP-\d+/g]) expect(changesFrom(empty, ticket)).toEqual([{ wanted: 'SHOP-8', files: ['shipping/parcels.ts'] }]);
  });

  test('without the tickets a change that crosses looks as if it did not', () => {
    expect(measure(fine, [], changesFrom(log, /SHOP-\d+/), [], []).across).toEqual([{ wanted: 'SHOP-7', services: ['orders', 'shipping'] }]);
    const commits = ['# one\n\norders/tables.ts\n', '# two\n\nshipping/parcels.ts\n'].join('');
    expect(measure(fine, [], changesFrom(commits, /SHOP-\d+/), [], []).across).toEqual([]);
  });

  test('an empty history has no changes', () => {
    expect(changesFrom('', /x/)).toEqual([]);
  });
});
