import type { Database } from '../modular-monolith/database.ts';
import { SoldOutError } from '../modular-monolith/inventory/index.ts';
import type { Inventory } from '../modular-monolith/inventory/index.ts';

type Line = [sku: string, pieces: number];

/** An inventory as its callers use it, each call in a transaction of its own. */
export function useInventory(database: Database, inventory: Inventory) {
  return {
    stock: (sku: string) => database.transaction((open) => inventory.inStock(open, sku)),
    receive: (sku: string, pieces: number) => database.transaction((open) => inventory.receive(open, { sku, pieces })),
    take: (...lines: Line[]): Promise<string> => database.transaction((open) => inventory.take(open, lines.map(([sku, pieces]) => ({ sku, pieces }))))
      .then(() => 'taken', (error: unknown) => {
        if (error instanceof SoldOutError) return `too few of ${error.sku}`;
        throw error;
      }),
  };
}
export type Used = ReturnType<typeof useInventory>;

export interface Clause { readonly says: string; readonly ask: (used: Used) => Promise<unknown>; readonly answer: unknown }

// #region contract
/** What callers rely on, whoever keeps it. It knows no table and no class. Each clause begins with an empty inventory. */
export const contract: readonly Clause[] = [
  { says: 'what nobody received is not there',
    ask: async ({ stock, take }) => [await stock('rug'), await take(['rug', 1])], answer: [0, 'too few of rug'] },
  { says: 'what was received adds up, and the last piece can be taken',
    ask: async ({ receive, take, stock }) => {
      for (const pieces of [2, 0, 3]) await receive('mirror', pieces);
      return [await stock('mirror'), await take(['mirror', 5]), await stock('mirror')];
    }, answer: [5, 'taken', 0] },
  { says: 'all lines or none',
    ask: async ({ receive, take, stock }) => {
      await receive('kettle', 5);
      await receive('mirror', 1);
      return [await take(['kettle', 2], ['mirror', 2]), await stock('kettle'), await stock('mirror')];
    }, answer: ['too few of mirror', 5, 1] },
  { says: 'a product in two lines counts twice',
    ask: async ({ receive, take, stock }) => {
      await receive('mirror', 3);
      return [await take(['mirror', 2], ['mirror', 2]), await take(['mirror', 2], ['mirror', 1]), await stock('mirror')];
    }, answer: ['too few of mirror', 'taken', 0] },
];
// #endregion contract
