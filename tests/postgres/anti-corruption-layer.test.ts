/** What PGlite with its one session cannot show: one document that several readers have at the same moment. */
import { beforeEach, expect, test } from 'vitest';
import { openWarehouse, QuarantineFullError, warehouseTables } from '../../src/examples/anti-corruption-layer/anti-corruption-layer.ts';
import { inventoryTables, openInventory } from '../../src/examples/modular-monolith/inventory/index.ts';
import { useDatabase } from './database.ts';

const database = useDatabase(`${inventoryTables} ${warehouseTables}`);
const inventory = openInventory();
const warehouse = openWarehouse({ database, inventory, orders: { onPlaced: () => {} }, mostHeld: 100 });
const goodsIn = (number: number, item = '00004711') => `DOCNO=${String(number).padStart(10, '0')};MVT=101;ITEMNO=${item};QTY=00003;UOM=PC;PACKSZ=006`;
const inStock = () => database.transaction((open) => inventory.inStock(open, 'kettle'));
const times = <Result>(count: number, act: (index: number) => Promise<Result>): Promise<Result[]> => Promise.all(Array.from({ length: count }, (_, index) => act(index)));

beforeEach(async () => {
  await database.query('truncate inventory.stock, warehouse.item, warehouse.received, warehouse.quarantine');
  await database.transaction((open) => warehouse.name(open, 'kettle', '00004711'));
});

test('a document that ten readers have at once counts once', async () => {
  const outcomes = (await times(5, (number) => times(10, () => warehouse.receive(goodsIn(number))))).flat();
  expect(outcomes.filter((outcome) => outcome === 'taken in')).toHaveLength(5);
  expect(outcomes.filter((outcome) => outcome === 'known already')).toHaveLength(45);
  expect(await inStock()).toBe(15);
});

test('one that nobody understands is held once, and released once however many try', async () => {
  await database.query('delete from warehouse.item');
  expect(new Set(await times(10, () => warehouse.receive(goodsIn(1))))).toEqual(new Set(['held']));
  expect(await database.query('select reason from warehouse.quarantine')).toEqual([{ reason: 'unknown item' }]);
  await database.transaction((open) => warehouse.name(open, 'kettle', '00004711'));
  await Promise.all([times(5, () => warehouse.retry()), times(5, () => warehouse.receive(goodsIn(1)))]);
  expect(await inStock()).toBe(3);
  expect(await database.query('select reason from warehouse.quarantine')).toEqual([]);
});

test('readers that meet at the bound may pass it by their number, and then stop', async () => {
  const strict = openWarehouse({ database, inventory, orders: { onPlaced: () => {} }, mostHeld: 3 });
  await Promise.allSettled(Array.from({ length: 8 }, (_, number) => strict.receive(goodsIn(number, '00009999'))));
  await expect(strict.receive(goodsIn(99, '00009999'))).rejects.toThrow(QuarantineFullError);
  const [held] = await database.query<{ count: number }>('select count(*)::int as count from warehouse.quarantine');
  expect(held!.count).toBeGreaterThanOrEqual(3);
  expect(held!.count).toBeLessThanOrEqual(3 + 8);
});
