import type { Transaction } from '../modular-monolith/database.ts';
import { SoldOutError } from '../modular-monolith/inventory/index.ts';
import type { Inventory, Pieces } from '../modular-monolith/inventory/index.ts';

export const ledgerTables = `
create schema ledger;
create table ledger.item (sku text primary key, changes integer not null default 0);
create table ledger.movement (
  number integer generated always as identity primary key,
  sku text not null references ledger.item,
  pieces integer not null check (pieces <> 0)
);
create index on ledger.movement (sku);`;

/** The inventory, and what it needs to take a product over from the old one. */
export interface Ledger extends Inventory {
  knows(open: Transaction, sku: string): Promise<boolean>;
  /** Holds the product until the transaction ends. @returns true if the ledger did not know it */
  begin(open: Transaction, sku: string): Promise<boolean>;
}

// #region ledger
/** The new implementation: movements instead of a number, so that one can tell where pieces went. */
export function openLedger(): Ledger {
  /** The old row was its own lock. A sum has no row: without this one, two orders both see the last piece. */
  async function begin(open: Transaction, sku: string): Promise<boolean> {
    const [item] = await open.query<{ changes: number }>(`insert into ledger.item (sku) values ($1)
      on conflict (sku) do update set changes = item.changes + 1 returning changes`, [sku]);
    return item!.changes === 0;
  }

  async function receive(open: Transaction, { sku, pieces }: Pieces): Promise<void> {
    await begin(open, sku);
    await book(open, sku, pieces);
  }

  async function take(open: Transaction, wanted: readonly Pieces[]): Promise<void> {
    for (const { sku, pieces } of inOrder(wanted)) {
      await begin(open, sku);
      if (await inStock(open, sku) < pieces) throw new SoldOutError(sku);
      await book(open, sku, -pieces);
    }
  }
  // #endregion ledger

  async function book(open: Transaction, sku: string, pieces: number): Promise<void> {
    if (pieces !== 0) await open.query('insert into ledger.movement (sku, pieces) values ($1, $2)', [sku, pieces]);
  }

  async function inStock(open: Transaction, sku: string): Promise<number> {
    const [sum] = await open.query<{ pieces: number }>('select coalesce(sum(pieces), 0)::int as pieces from ledger.movement where sku = $1', [sku]);
    return sum!.pieces;
  }

  async function knows(open: Transaction, sku: string): Promise<boolean> {
    return (await open.query('select sku from ledger.item where sku = $1', [sku])).length > 0;
  }

  return { knows, begin, receive, take, inStock };
}

/** Products in the order of their names: two orders of the same products never wait for each other. */
export const inOrder = (wanted: readonly Pieces[]): Pieces[] => wanted.toSorted((a, b) => (a.sku < b.sku ? -1 : 1));
