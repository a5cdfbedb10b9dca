/** Public face of the inventory: how many pieces are there. */
import type { Transaction } from '../database.ts';
import { inStock, receive, take } from './stock.ts';
import type { Pieces } from './stock.ts';

export { SoldOutError } from './stock.ts';
export type { Pieces } from './stock.ts';
export { tables as inventoryTables } from './tables.ts';

export interface Inventory {
  receive(open: Transaction, goods: Pieces): Promise<void>;
  /** Takes all of them. @throws SoldOutError, after which the transaction has to end */
  take(open: Transaction, wanted: readonly Pieces[]): Promise<void>;
  inStock(open: Transaction, sku: string): Promise<number>;
}

export function openInventory(): Inventory {
  return { receive, take, inStock };
}
