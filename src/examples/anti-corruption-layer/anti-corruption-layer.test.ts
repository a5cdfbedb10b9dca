import { PGlite } from '@electric-sql/pglite';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { breaches, importsIn } from '../modular-monolith/boundaries.ts';
import type { Sources } from '../modular-monolith/boundaries.ts';
import type { Database } from '../modular-monolith/database.ts';
import { openShop, shopTables } from '../modular-monolith/shop.ts';
import type { Shop } from '../modular-monolith/shop.ts';
import { CannotDispatchError, openWarehouse, QuarantineFullError, UntranslatableError, warehouseTables } from './anti-corruption-layer.ts';
import type { Warehouse, WarehouseEvent } from './anti-corruption-layer.ts';
import { architecture, leaks } from './borders.ts';
import { answerOf, documentOf, meaningOf } from './translation.ts';

/** Documents as they came, and what each means to the shop. */
const recorded = {
  cases: 'DOCNO=0000000815;MVT=101;ITEMNO=00004711;QTY=00012;UOM=CS;PACKSZ=006',
  pieces: 'DOCNO=0000000816;MVT=101;ITEMNO=00004711;QTY=00005;UOM=PC;PACKSZ=006\r\n',
  intoInspection: 'DOCNO=0000000817;MVT=103;ITEMNO=00004712;QTY=00040;UOM=PC;PACKSZ=000',
  released: 'DOCNO=0000000818;MVT=105;ITEMNO=00004712;QTY=00038;UOM=PC;PACKSZ=000;BATCH=A7',
  betweenBins: 'DOCNO=0000000819;MVT=311;ITEMNO=;QTY=;UOM=;PACKSZ=',
  unknownMovement: 'DOCNO=0000000820;MVT=109;ITEMNO=00004711;QTY=00003;UOM=PC;PACKSZ=006',
  unknownUnit: 'DOCNO=0000000821;MVT=101;ITEMNO=00004711;QTY=00003;UOM=PAL;PACKSZ=006',
  noPackSize: 'DOCNO=0000000822;MVT=101;ITEMNO=00004711;QTY=00003;UOM=CS;PACKSZ=000',
  reversal: 'DOCNO=0000000823;MVT=101;ITEMNO=00004711;QTY=00003-;UOM=PC;PACKSZ=006',
  strangeItem: 'DOCNO=0000000824;MVT=101;ITEMNO=00009999;QTY=00003;UOM=PC;PACKSZ=006',
};

function refusal(document: string, translate: (text: string) => unknown = meaningOf): [string, string, string] {
  try {
    translate(document);
  } catch (error) {
    expect(error).toBeInstanceOf(UntranslatableError);
    const { reason, field, found } = error as UntranslatableError;
    return [reason, field, found];
  }
  throw new Error(`'${document}' was translated`);
}

describe('the translation', () => {
  test('counts pieces, whatever the warehouse counts', () => {
    expect(meaningOf(recorded.cases)).toEqual({ kind: 'goods in', number: '0000000815', item: '00004711', pieces: 72 });
    expect(meaningOf(recorded.pieces)).toEqual({ kind: 'goods in', number: '0000000816', item: '00004711', pieces: 5 });
  });

  test('adds goods when they may be sold, not when they come to be inspected', () => {
    expect(meaningOf(recorded.intoInspection)).toEqual({ kind: 'of no interest', number: '0000000817' });
    expect(meaningOf(recorded.released)).toMatchObject({ kind: 'goods in', pieces: 38 });
    expect(meaningOf(recorded.betweenBins).kind).toBe('of no interest');
  });

  test('refuses what it would have to guess, and says which field and why', () => {
    expect(refusal(recorded.unknownMovement)).toEqual(['unknown code', 'MVT', '109']);
    expect(refusal(recorded.unknownUnit)).toEqual(['unknown code', 'UOM', 'PAL']);
    expect(refusal(recorded.noPackSize)).toEqual(['no meaning here', 'PACKSZ', '000']);
    expect(refusal(recorded.reversal)).toEqual(['malformed', 'QTY', '00003-']);
    expect(refusal('DOCNO=0000000815;MVT=101;ITEMNO=00004711;UOM=PC')).toEqual(['missing', 'QTY', '']);
    expect(refusal('DOCNO=815;MVT=101')).toEqual(['malformed', 'DOCNO', '815']);
    expect(refusal(`${recorded.pieces.trim()};QTY=00007`)[0]).toBe('malformed');
    expect(refusal('MVT=__proto__;DOCNO=0000000815')).toEqual(['unknown code', 'MVT', '__proto__']);
  });

  test('says what it found in a form that a log can bear', () => {
    const [, , found] = refusal(`<\u0000\n>${'x'.repeat(200)}`);
    expect(found).toBe(`<??>${'x'.repeat(56)}`);
  });

  test('has an answer for every text: a meaning, or a refusal of its own kind', () => {
    let seed = 7;
    const draw = (below: number): number => { seed = (seed * 48_271) % 2_147_483_647; return seed % below; };
    const letters = [...'0123456789=;-ABCMQTUOPS \n\u0000é'];
    const results = { understood: 0, refused: 0 };
    const whole = Object.values(recorded);
    for (let run = 0; run < 5_000; run++) {
      const text = [...whole[draw(whole.length)]!];
      for (let edits = draw(4); edits > 0; edits--) text.splice(draw(text.length), draw(3), letters[draw(letters.length)]!);
      try {
        const meaning = meaningOf(text.join(''));
        if (meaning.kind === 'goods in') expect(meaning.pieces > 0 && Number.isSafeInteger(meaning.pieces), text.join('')).toBe(true);
        results.understood++;
      } catch (error) {
        expect(error, text.join('')).toBeInstanceOf(UntranslatableError);
        results.refused++;
      }
    }
    expect(results.understood).toBeGreaterThan(500);
    expect(results.refused).toBeGreaterThan(500);
  });

  test('puts a dispatch into the old form, or says that there is no room', () => {
    expect(documentOf({ orderId: 42, item: '00004711', pieces: 3 })).toBe('REF=0000000042;ITEMNO=00004711;QTY=00003;UOM=PC');
    expect(documentOf({ orderId: 42, item: '00004711', pieces: 100_000 })).toBeUndefined();
    expect(documentOf({ orderId: 1e10, item: '00004711', pieces: 3 })).toBeUndefined();
  });

  test('takes "taken before" for what it is, and an unknown reply for neither yes nor no', () => {
    expect(['RC=00', 'RC=04', 'RC=08'].map(answerOf)).toEqual(['accepted', 'accepted', 'refused']);
    expect(refusal('RC=17', answerOf)).toEqual(['unknown code', 'RC', '17']);
  });
});

let postgres: PGlite;
let shop: Shop;
let warehouse: Warehouse;
let events: WarehouseEvent[];
const database: Database = {
  transaction: (work) => postgres.transaction((open) => work({ query: async <Row>(text: string, parameters: readonly unknown[]) => (await open.query<Row>(text, [...parameters])).rows })),
};
const all = async <Row>(text: string): Promise<Row[]> => (await postgres.query<Row>(text)).rows;
const inStock = (sku: string): Promise<number> => database.transaction((open) => shop.inventory.inStock(open, sku));
const heldNow = () => all('select reason, field, found from warehouse.quarantine order by found collate "C"');

beforeAll(async () => { postgres = await PGlite.create(); }, 120_000);
afterAll(() => postgres.close());
beforeEach(async () => {
  await postgres.exec(`drop schema if exists catalogue, inventory, payments, orders, shipping, warehouse cascade; ${shopTables} ${warehouseTables}`);
  shop = openShop(database);
  events = [];
  warehouse = openWarehouse({ database, inventory: shop.inventory, orders: shop.orders, mostHeld: 3, onEvent: (event) => events.push(event) });
  await database.transaction(async (open) => {
    await warehouse.name(open, 'kettle', '00004711');
    await warehouse.name(open, 'lamp', '00004712');
    for (const sku of ['kettle', 'lamp', 'rug']) await shop.catalogue.add(open, { sku, title: sku, priceCents: 100 });
    await shop.payments.payIn(open, 'ada', 100_000_000);
  });
});

describe('documents of the warehouse', () => {
  test('become pieces of our products, each document once', async () => {
    const outcomes = [];
    for (const document of [recorded.cases, recorded.pieces, recorded.cases, recorded.intoInspection, recorded.released, recorded.released]) outcomes.push(await warehouse.receive(document));
    expect(outcomes).toEqual(['taken in', 'taken in', 'known already', 'of no interest', 'taken in', 'known already']);
    expect([await inStock('kettle'), await inStock('lamp')]).toEqual([77, 38]);
    expect(events.map(({ type }) => type)).toEqual(outcomes);
  });

  test('that nobody understands are held as they came and change nothing', async () => {
    expect(await warehouse.receive(recorded.unknownMovement)).toBe('held');
    expect(await warehouse.receive(recorded.unknownMovement)).toBe('held');
    let seed = 3;
    const noise = Array.from({ length: 9_000 }, () => { seed = (seed * 48_271) % 2_147_483_647; return String.fromCharCode(33 + (seed % 90)); }).join('');
    await warehouse.receive(` ${recorded.unknownUnit}\r\n`);
    const zeroByteAndLong = `\u0000${noise}`;
    expect(await warehouse.receive(zeroByteAndLong)).toBe('held');
    expect(await heldNow()).toEqual([{ reason: 'unknown code', field: 'MVT', found: '109' }, { reason: 'unknown code', field: 'UOM', found: 'PAL' }, { reason: 'malformed', field: 'document', found: `?${noise.slice(0, 59)}` }].sort((a, b) => (a.found < b.found ? -1 : 1)));
    expect((await all<{ document: Uint8Array }>('select document from warehouse.quarantine')).map(({ document }) => new TextDecoder().decode(document)).sort()).toEqual([zeroByteAndLong, ` ${recorded.unknownUnit}\r\n`, recorded.unknownMovement]);
    expect(await all('select * from inventory.stock')).toEqual([]);
    expect(events.at(-1)).toMatchObject({ type: 'held', error: { reason: 'malformed' } });
  });

  test('are released when we have learned what they mean, and counted once even if they came again meanwhile', async () => {
    await warehouse.receive(recorded.strangeItem);
    await warehouse.receive(recorded.unknownMovement);
    expect(await warehouse.retry()).toBe(0);
    await database.transaction((open) => warehouse.name(open, 'rug', '00009999'));
    expect(await warehouse.receive(recorded.strangeItem)).toBe('taken in');
    expect(await warehouse.retry()).toBe(1);
    expect(await inStock('rug')).toBe(3);
    expect(await heldNow()).toEqual([{ reason: 'unknown code', field: 'MVT', found: '109' }]);
    expect(events.filter(({ type }) => type === 'released')).toEqual([{ type: 'released', document: recorded.strangeItem }]);
  });

  test('that an earlier version did not understand are read by this one', async () => {
    for (const document of [`\uFEFF${recorded.unknownMovement}`, recorded.strangeItem]) await warehouse.receive(document);
    await postgres.exec("update warehouse.quarantine set reason = 'missing', field = 'UOM', found = ''");
    await database.transaction((open) => warehouse.name(open, 'rug', '00009999'));
    expect(await warehouse.retry()).toBe(1);
    expect(await inStock('rug')).toBe(3);
    expect(await heldNow()).toEqual([{ reason: 'unknown code', field: 'MVT', found: '109' }]);
  });

  test('stop being read when too many are held: then the format has changed', async () => {
    for (const document of [recorded.unknownMovement, recorded.unknownUnit, recorded.noPackSize]) await warehouse.receive(document);
    await expect(warehouse.receive(recorded.reversal)).rejects.toThrow(QuarantineFullError);
    expect(await warehouse.receive(recorded.unknownUnit), 'one that is held already').toBe('held');
    expect(await warehouse.receive(recorded.pieces), 'one that is understood').toBe('taken in');
    expect(await heldNow()).toHaveLength(3);
  });

  test('are released even where more is held than may be: what still says nothing does not keep the others', async () => {
    for (const document of [recorded.unknownMovement, recorded.strangeItem, recorded.unknownUnit]) await warehouse.receive(document);
    await database.transaction((open) => warehouse.name(open, 'rug', '00009999'));
    const strict = openWarehouse({ database, inventory: shop.inventory, orders: { onPlaced: () => {} }, mostHeld: 1 });
    expect(await strict.retry()).toBe(1);
    expect(await inStock('rug')).toBe(3);
    expect(await heldNow()).toHaveLength(2);
  });

  test('are told of as released once, whoever was faster', async () => {
    await warehouse.receive(recorded.strangeItem);
    await database.transaction((open) => warehouse.name(open, 'rug', '00009999'));
    const released = await Promise.all([warehouse.retry(), warehouse.retry()]);
    expect(released.toSorted()).toEqual([0, 1]);
    expect(events.filter(({ type }) => type === 'released')).toHaveLength(1);
  });

  test('are not done with when the shop fails to take them', async () => {
    let isDown = true;
    const failing = { ...shop.inventory, receive: async (...goods: Parameters<typeof shop.inventory.receive>) => { if (isDown) throw new Error('no connection'); await shop.inventory.receive(...goods); } };
    const broken = openWarehouse({ database, inventory: failing, orders: { onPlaced: () => {} }, mostHeld: 3 });
    await expect(broken.receive(recorded.cases)).rejects.toThrow('no connection');
    expect(await heldNow()).toEqual([]);
    isDown = false;
    expect(await broken.receive(recorded.cases)).toBe('taken in');
  });
});

describe('an order of the shop', () => {
  const place = (...lines: { sku: string; pieces: number }[]) => shop.orders.place({ customer: 'ada', lines });
  beforeEach(() => database.transaction(async (open) => {
    for (const sku of ['kettle', 'rug']) await shop.inventory.receive(open, { sku, pieces: 200_000 });
  }));

  test('becomes a dispatch for each product', async () => {
    const { id } = await place({ sku: 'kettle', pieces: 2 }, { sku: 'kettle', pieces: 1 });
    expect(await all('select document, state from warehouse.dispatch')).toEqual([{ document: `REF=000000000${id};ITEMNO=00004711;QTY=00003;UOM=PC`, state: 'waiting' }]);
  });

  test('is undone when the warehouse cannot be told', async () => {
    await expect(place({ sku: 'rug', pieces: 1 })).rejects.toThrow(CannotDispatchError);
    await expect(place({ sku: 'kettle', pieces: 100_000 })).rejects.toThrow("the warehouse cannot be told to send 100000 of 'kettle'");
    expect(await all('select * from orders.placed')).toEqual([]);
    expect(await inStock('kettle')).toBe(200_000);
  });

  test('is answered once; what nobody understands leaves it waiting', async () => {
    const { id } = await place({ sku: 'kettle', pieces: 1 });
    const state = async () => (await all<{ state: string }>('select state from warehouse.dispatch'))[0]!.state;
    await expect(warehouse.answered(id, 'kettle', 'RC=17')).rejects.toThrow(UntranslatableError);
    expect(await state()).toBe('waiting');
    expect(await warehouse.answered(id, 'kettle', 'RC=04')).toBe(true);
    expect(await warehouse.answered(id, 'kettle', 'RC=08'), 'answered before').toBe(false);
    expect(await warehouse.answered(id, 'rug', 'RC=00'), 'never sent').toBe(false);
    expect(await state()).toBe('accepted');
  });
});

describe('the border', () => {
  const read = (texts: Record<string, string>, folder: string): [string, string][] => Object.entries(texts).map(([path, text]) => [path.slice(folder.length), text]);
  const monolith: Record<string, string> = import.meta.glob(['../modular-monolith/**/*.ts', '!../modular-monolith/**/*.test.ts'], { query: '?raw', import: 'default', eager: true });
  const own: Record<string, string> = import.meta.glob(['./*.ts', '!./*.test.ts', '!./borders.ts'], { query: '?raw', import: 'default', eager: true });
  /** The module as it stands in the folder of the shop. */
  const sources: Sources = Object.fromEntries([
    ...read(monolith, '../modular-monolith/'),
    ...read(own, './').map(([file, text]) => [`warehouse/${file.replace('anti-corruption-layer', 'index')}`, text.replaceAll('../modular-monolith/', '../')] as const),
  ]);
  const planted = (file: string, text: string): Sources => ({ ...sources, [file]: `${sources[file]!}\n${text}\n` });

  test('holds: the shop with the new module breaks no rule, and only the translation imports foreign types', () => {
    expect(Object.keys(sources).filter((file) => file.startsWith('warehouse/')).sort()).toEqual(['warehouse/foreign.ts', 'warehouse/index.ts', 'warehouse/tables.ts', 'warehouse/translation.ts']);
    expect(breaches(architecture, sources)).toEqual([]);
    expect(importsIn(sources).filter(({ target }) => target === 'warehouse/foreign.ts').map(({ file }) => file)).toEqual(['warehouse/translation.ts']);
    expect(leaks(sources)).toEqual([]);
  });

  test('is broken by a foreign type in the shop, and by a foreign word', () => {
    const type = planted('inventory/stock.ts', "import type { GoodsMovement } from '../warehouse/foreign.ts';");
    expect(breaches(architecture, type).map(({ rule, file }) => [rule, file])).toContainEqual(['public face', 'inventory/stock.ts']);
    expect(leaks(type)).toEqual(['inventory/stock.ts']);
    expect(leaks(planted('orders/index.ts', "export const isCase = (row: { UOM: string }) => row.UOM === 'CS';"))).toEqual(['orders/index.ts']);
    expect(leaks(planted('warehouse/index.ts', 'export type { GoodsMovement } from "./foreign.ts";'))).toEqual(['warehouse/index.ts']);
  });

  test('holds for values too: no number, code or document of the warehouse is stored outside its schema', async () => {
    for (const document of Object.values(recorded).slice(0, 6)) await warehouse.receive(document);
    await shop.orders.place({ customer: 'ada', lines: [{ sku: 'kettle', pieces: 1 }] });
    const tables = await all<{ name: string }>("select table_schema || '.' || table_name as name from information_schema.tables where table_schema in ('catalogue', 'inventory', 'payments', 'orders', 'shipping')");
    expect(tables.length).toBeGreaterThan(5);
    const stored = (await Promise.all(tables.map(({ name }) => all(`select * from ${name}`)))).map((rows) => JSON.stringify(rows)).join('\n');
    expect(stored).toContain('kettle');
    expect(stored).not.toMatch(/0000\d{4,}|\b(?:PC|CS|MVT|DOCNO)\b/);
  });
});

test('refuses a bound that is none', () => {
  for (const mostHeld of [0, -1, 1.5, NaN]) {
    expect(() => openWarehouse({ database, inventory: shop.inventory, orders: { onPlaced: () => {} }, mostHeld })).toThrow(`mostHeld must be a positive integer: current value is ${mostHeld}`);
  }
});
