import { PGlite } from '@electric-sql/pglite';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Sources } from '../modular-monolith/boundaries.ts';
import { openCatalogue } from '../modular-monolith/catalogue/index.ts';
import type { Database } from '../modular-monolith/database.ts';
import { openInventory } from '../modular-monolith/inventory/index.ts';
import type { Inventory } from '../modular-monolith/inventory/index.ts';
import { openOrders } from '../modular-monolith/orders/index.ts';
import { openPayments } from '../modular-monolith/payments/index.ts';
import { shopTables } from '../modular-monolith/shop.ts';
import { openSwitched, placeOf } from './branch-by-abstraction.ts';
import type { SwitchEvent } from './branch-by-abstraction.ts';
import { callersOf } from './callers.ts';
import { contract, useInventory } from './contract.ts';
import { ledgerTables, openLedger } from './ledger.ts';

let postgres: PGlite;
let events: SwitchEvent[] = [];
const database: Database = {
  transaction: (work) => postgres.transaction((open) => work({ query: async <Row>(text: string, parameters: readonly unknown[]) => (await open.query<Row>(text, [...parameters])).rows })),
};
const [old, ledger] = [openInventory(), openLedger()];
const switched = (share: number, of: Inventory = old) => openSwitched({ old: of, next: ledger, share, onEvent: (event) => events.push(event) });
/** Products on either side of a share of one half. */
const [early, late] = ['kettle', 'mirror'];

/** Every state that the change goes through; each is released. */
const steps: [string, () => Inventory][] = [
  ['the old one alone', () => old],
  ['both, the old one decides', () => switched(0)],
  ['both, each decides for some', () => switched(0.5)],
  ['both, the new one decides', () => switched(1)],
  ['the new one alone', () => ledger],
];

beforeAll(async () => { postgres = await PGlite.create(); }, 120_000);
afterAll(() => postgres.close());
beforeEach(async () => {
  await postgres.exec(`drop schema if exists catalogue, inventory, payments, orders, shipping, ledger cascade; ${shopTables} ${ledgerTables}`);
  events = [];
});
const empty = () => postgres.exec('truncate inventory.stock, ledger.item, ledger.movement');
const both = async (sku: string) => Promise.all([old, ledger].map((inventory) => useInventory(database, inventory).stock(sku)));

describe('the contract', () => {
  test('is kept at every step', async () => {
    for (const [name, open] of steps) {
      for (const { says, ask, answer } of contract) {
        await empty();
        expect(await ask(useInventory(database, open())), `${name}: ${says}`).toEqual(answer);
      }
    }
    expect(events.filter(({ type }) => type !== 'match')).toEqual([]);
  });

  test('is broken by implementations that are wrong', async () => {
    const wrong: Record<string, Inventory> = {
      'takes what is not there': { ...old, take: async () => {} },
      'takes too much': { ...old, take: (open, wanted) => old.take(open, wanted.map((line) => ({ ...line, pieces: line.pieces + 1 }))) },
      'replaces in place of adding': { ...old, receive: async (open, { sku, pieces }) => { await open.query('delete from inventory.stock where sku = $1', [sku]); await old.receive(open, { sku, pieces }); } },
      'looks at each line alone': { ...old, take: async (open, wanted) => { for (const line of wanted) await old.take(open, [{ ...line, pieces: Math.min(line.pieces, await old.inStock(open, line.sku)) }]); } },
    };
    for (const [name, inventory] of Object.entries(wrong)) {
      const kept: boolean[] = [];
      for (const { ask, answer } of contract) {
        await empty();
        kept.push(JSON.stringify(await ask(useInventory(database, inventory))) === JSON.stringify(answer));
      }
      expect(kept, name).toContain(false);
    }
  });

  test('lets a failure through that is no refusal', async () => {
    const broken = useInventory(database, { ...old, take: async () => { throw new Error('no connection'); } });
    await expect(broken.take(['mirror', 1])).rejects.toThrow('no connection');
  });
});

test('an order goes through at every step, and a refused one leaves nothing', async () => {
  for (const [name, open] of steps) {
    await postgres.exec(`drop schema catalogue, inventory, payments, orders, shipping, ledger cascade; ${shopTables} ${ledgerTables}`);
    const [catalogue, payments, inventory] = [openCatalogue(), openPayments(), open()];
    const orders = openOrders(database, { catalogue, inventory, payments });
    await database.transaction(async (transaction) => {
      for (const sku of [early, late]) {
        await catalogue.add(transaction, { sku, title: sku, priceCents: 100 });
        await inventory.receive(transaction, { sku, pieces: 5 });
      }
      await payments.payIn(transaction, 'ada', 1_000);
    });
    await orders.place({ customer: 'ada', lines: [{ sku: late, pieces: 1 }, { sku: early, pieces: 2 }] });
    await expect(orders.place({ customer: 'ada', lines: [{ sku: early, pieces: 1 }, { sku: late, pieces: 5 }] }), name).rejects.toThrow(`'${late}'`);
    await expect(orders.place({ customer: 'bob', lines: [{ sku: early, pieces: 1 }] }), name).rejects.toThrow('credit');
    const { stock } = useInventory(database, inventory);
    expect([await stock(early), await stock(late)], name).toEqual([3, 4]);
  }
});

describe('the switch', () => {
  test('decides by the product: always the same, and a higher share takes nobody back', () => {
    const names = Array.from({ length: 2_000 }, (_, index) => `sku-${index}`);
    const below = (share: number) => names.filter((name) => placeOf('inventory-ledger', name) < share);
    expect(below(0.3)).toEqual(below(0.3));
    expect(below(0.31)).toEqual(expect.arrayContaining(below(0.3)));
    for (const share of [0.05, 0.5, 0.95]) expect(Math.abs(below(share).length / names.length - share)).toBeLessThan(0.03);
    expect(names.every((name) => placeOf('x', name) >= 0 && placeOf('x', name) < 1)).toBe(true);
    const inBoth = below(0.5).filter((name) => placeOf('another', name) < 0.5).length;
    expect(Math.abs(inBoth / names.length - 0.25), 'another feature begins with others').toBeLessThan(0.03);
    expect(placeOf('inventory-ledger', 'kettle'), 'the same in the next release').toBeCloseTo(0.4352, 4);
    expect([early, late].map((sku) => placeOf('inventory-ledger', sku) < 0.5)).toEqual([true, false]);
  });

  test('asks the same side each time', async () => {
    const used = useInventory(database, switched(0.5));
    for (const sku of [early, late]) await used.receive(sku, 1);
    await postgres.exec('update inventory.stock set pieces = 100');
    for (let turn = 0; turn < 20; turn++) expect([await used.stock(early), await used.stock(late)]).toEqual([1, 100]);
  });

  test('may be thrown to and fro between any two calls: callers see one inventory, and both hold the same', async () => {
    let seed = 11;
    const draw = (below: number): number => { seed = (seed * 48_271) % 2_147_483_647; return seed % below; };
    const inventory = switched(0);
    const used = useInventory(database, inventory);
    const expected = new Map<string, number>();
    const skus = ['kettle', 'mirror', 'mug', 'spoon'];
    for (let turn = 0; turn < 150; turn++) {
      inventory.setShare(draw(5) / 4);
      const [a, b] = [skus[draw(4)]!, skus[draw(4)]!];
      const pieces = draw(4) + 1;
      const at = (sku: string) => expected.get(sku) ?? 0;
      if (draw(2) === 0) {
        await used.receive(a, pieces);
        expected.set(a, at(a) + pieces);
      } else {
        const enough = a === b ? at(a) >= 2 * pieces : at(a) >= pieces && at(b) >= pieces;
        expect(await used.take([a, pieces], [b, pieces]) === 'taken', `turn ${turn}`).toBe(enough);
        if (enough) for (const sku of [a, b]) expected.set(sku, at(sku) - pieces);
      }
      expect(await used.stock(a), `turn ${turn}`).toBe(at(a));
    }
    for (const sku of skus) expect(await both(sku)).toEqual([expected.get(sku), expected.get(sku)]);
    expect(events.filter(({ type }) => type !== 'match')).toEqual([]);
  });

  test('takes over what the old one has, at the first write; until then the old one answers', async () => {
    await useInventory(database, old).receive(early, 7);
    const used = useInventory(database, switched(1));
    expect(await useInventory(database, switched(0)).stock(early)).toBe(7);
    expect(await used.stock(early)).toBe(7);
    expect(events, 'nothing to compare yet').toEqual([]);
    expect(await both(early), 'a reading writes nothing').toEqual([7, 0]);
    expect(await used.take([early, 2])).toBe('taken');
    expect(await both(early)).toEqual([5, 5]);
  });

  test('refuses a share that is none', () => {
    for (const share of [-0.1, 1.1, NaN]) {
      expect(() => openSwitched({ old, next: ledger, share })).toThrow(`share must be a number from 0 to 1: current value is ${share}`);
      expect(() => switched(0).setShare(share)).toThrow(RangeError);
    }
  });
});

describe('the one that does not decide', () => {
  test('cannot stop an order when it fails, and says so', async () => {
    const used = useInventory(database, openSwitched({ old, next: ledger, share: 0 }));
    await used.receive(late, 3);
    await postgres.exec('alter table ledger.movement rename to lost');
    const inventory = switched(0);
    await database.transaction(async (open) => {
      await inventory.take(open, [{ sku: late, pieces: 1 }]);
      expect(await inventory.inStock(open, late)).toBe(2);
      await inventory.receive(open, { sku: late, pieces: 4 });
    });
    expect(await useInventory(database, old).stock(late)).toBe(6);
    expect(events.map(({ type, sku }) => [type, sku])).toEqual([['diverged', late], ['mismatch', late], ['diverged', late]]);
    expect(await used.stock(late), 'nobody has to listen').toBe(6);
  });

  test('cannot stop anything when it is not there at all, not even at a first write; where it decides, its failure is one', async () => {
    await useInventory(database, old).receive(late, 3);
    await postgres.exec('alter table ledger.item rename to lost');
    const inventory = switched(0);
    await database.transaction(async (open) => {
      await inventory.take(open, [{ sku: late, pieces: 1 }]);
      await inventory.receive(open, { sku: early, pieces: 4 });
      expect([await inventory.inStock(open, late), await inventory.inStock(open, early)]).toEqual([2, 4]);
    });
    expect(events.map(({ type, sku }) => [type, sku])).toEqual([['diverged', late], ['diverged', early], ['mismatch', late], ['mismatch', early]]);
    inventory.setShare(1);
    await expect(useInventory(database, inventory).receive(late, 1)).rejects.toThrow('ledger.item');
    await expect(useInventory(database, inventory).stock(late)).rejects.toThrow('ledger.item');
    await postgres.exec('alter table ledger.lost rename to item');
    expect(await useInventory(database, inventory).take([late, 1]), 'what was missed is taken over').toBe('taken');
    expect(await both(late)).toEqual([1, 1]);
  });

  test('is taken over whole or not at all', async () => {
    await useInventory(database, old).receive(late, 3);
    await postgres.exec('alter table ledger.movement rename to lost');
    const used = useInventory(database, switched(0));
    await used.receive(late, 1);
    expect(events.map(({ type }) => type)).toEqual(['diverged']);
    await postgres.exec('alter table ledger.lost rename to movement');
    await used.receive(late, 1);
    expect(await both(late)).toEqual([5, 5]);
  });

  test('is not believed: what the other decides holds, and the difference is told', async () => {
    const inventory = switched(1);
    const used = useInventory(database, inventory);
    await used.receive(early, 3);
    await postgres.exec('update inventory.stock set pieces = 0');
    expect(await used.take([early, 2])).toBe('taken');
    expect(await used.stock(early)).toBe(1);
    expect(events.map(({ type }) => type)).toEqual(['diverged', 'mismatch']);
    expect(events.at(-1)?.detail).toEqual({ answer: 1, other: 0 });
  });
});

describe('callers are moved one by one', () => {
  const texts: Record<string, string> = import.meta.glob(['../modular-monolith/**/*.ts', '!../modular-monolith/**/*.test.ts'], { query: '?raw', import: 'default', eager: true });
  const shop: Sources = Object.fromEntries(Object.entries(texts).map(([path, text]) => [path.slice('../modular-monolith/'.length), text]));
  const direct = "\nimport { take } from '../inventory/stock.ts';\n";
  const before: Sources = { ...shop, 'orders/place-order.ts': shop['orders/place-order.ts'] + direct, 'shipping/parcels.ts': shop['shipping/parcels.ts'] + direct };
  const behind = ['inventory/index.ts'];

  test('the list names those who still use the old code', () => {
    expect(callersOf('inventory/stock.ts', before, { listed: ['orders/place-order.ts', 'shipping/parcels.ts'], behind })).toEqual({ added: [], moved: [] });
  });

  test('nobody may join it, and who has left cannot come back', () => {
    expect(callersOf('inventory/stock.ts', before, { listed: ['orders/place-order.ts'], behind })).toEqual({ added: ['shipping/parcels.ts'], moved: [] });
    expect(callersOf('inventory/stock.ts', shop, { listed: ['orders/place-order.ts'], behind })).toEqual({ added: [], moved: ['orders/place-order.ts'] });
  });

  test('when it is empty the abstraction has all callers, as in the shop', () => {
    expect(callersOf('inventory/stock.ts', shop, { listed: [], behind })).toEqual({ added: [], moved: [] });
  });
});
