/** What PGlite with its one session cannot show: the old and the new inventory under orders that meet. */
import { beforeEach, describe, expect, test } from 'vitest';
import { openSwitched } from '../../src/examples/branch-by-abstraction/branch-by-abstraction.ts';
import type { SwitchEvent } from '../../src/examples/branch-by-abstraction/branch-by-abstraction.ts';
import { useInventory } from '../../src/examples/branch-by-abstraction/contract.ts';
import { ledgerTables, openLedger } from '../../src/examples/branch-by-abstraction/ledger.ts';
import { inventoryTables, openInventory } from '../../src/examples/modular-monolith/inventory/index.ts';
import { useDatabase } from './database.ts';

const database = useDatabase(`${inventoryTables} ${ledgerTables}`);
const [old, ledger] = [openInventory(), openLedger()];
let events: SwitchEvent[] = [];
const switched = (share: number) => openSwitched({ old, next: ledger, share, onEvent: (event) => events.push(event) });
const empty = () => database.query('truncate inventory.stock, ledger.item, ledger.movement');
const skus = ['kettle', 'mirror', 'spoon'];
const steps = { old: () => old, 'old decides': () => switched(0), 'each decides for some': () => switched(0.5), 'new decides': () => switched(1), new: () => ledger };
beforeEach(async () => {
  await empty();
  events = [];
});

describe('every step, on a real server', () => {
  test('sells the last pieces once', async () => {
    for (const [name, open] of Object.entries(steps)) {
      await empty();
      const { receive, take, stock } = useInventory(database, open());
      for (const sku of skus) await receive(sku, 5);
      for (const sku of skus) {
        const ends = await Promise.all(Array.from({ length: 12 }, () => take([sku, 1])));
        expect(ends.filter((end) => end === 'taken'), `${name}: ${sku}`).toHaveLength(5);
        expect(await stock(sku)).toBe(0);
      }
    }
    expect(events.filter(({ type }) => type !== 'match')).toEqual([]);
  });

  test('never lets two orders wait for each other for ever', async () => {
    for (const [name, open] of Object.entries(steps)) {
      await empty();
      const { receive, take, stock } = useInventory(database, open());
      for (const sku of skus) await receive(sku, 1_000);
      await Promise.all(Array.from({ length: 8 }, async (_, index) => {
        for (let turn = 0; turn < 10; turn++) await take(...(index % 2 === 0 ? skus : skus.toReversed()).map((sku): [string, number] => [sku, 1]));
      }));
      expect(await stock('mirror'), name).toBe(1_000 - 80);
    }
  });
});

test('takes a product over once, however many write to it first', async () => {
  await useInventory(database, old).receive('kettle', 50);
  const { receive } = useInventory(database, switched(0.5));
  await Promise.all(Array.from({ length: 10 }, () => receive('kettle', 1)));
  for (const inventory of [old, ledger]) expect(await useInventory(database, inventory).stock('kettle')).toBe(60);
});

test('the switch may be thrown while orders run: none is lost, none is sold twice, and both hold the same', async () => {
  const inventory = switched(0);
  const { receive, take } = useInventory(database, inventory);
  for (const sku of skus) await receive(sku, 60);
  const ends = await Promise.all(Array.from({ length: 8 }, async (_, index) => {
    const taken: string[] = [];
    for (let turn = 0; turn < 20; turn++) {
      inventory.setShare([0, 0.5, 1][(turn + index) % 3]!);
      taken.push(await take(...skus.map((sku): [string, number] => [sku, 1])));
    }
    return taken;
  }));
  expect(ends.flat().filter((end) => end === 'taken')).toHaveLength(60);
  for (const sku of skus) {
    for (const one of [old, ledger]) expect(await useInventory(database, one).stock(sku)).toBe(0);
  }
  expect(events.filter(({ type }) => type === 'diverged')).toEqual([]);
});
