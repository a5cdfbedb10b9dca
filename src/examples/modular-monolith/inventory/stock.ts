import type { Transaction } from '../database.ts';

/** Refused by the inventory: fewer pieces are there than were asked for. */
export class SoldOutError extends Error {
  override readonly name = 'SoldOutError';
  readonly sku: string;

  constructor(sku: string) {
    super(`not enough pieces of '${sku}' in stock`);
    this.sku = sku;
  }
}

export interface Pieces { readonly sku: string; readonly pieces: number }

export async function receive(open: Transaction, { sku, pieces }: Pieces): Promise<void> {
  await open.query(`insert into inventory.stock values ($1, $2)
    on conflict (sku) do update set pieces = stock.pieces + excluded.pieces`, [sku, pieces]);
}

/** Locks rows in the order of their names, so that two orders of the same products never wait for each other. */
export async function take(open: Transaction, wanted: readonly Pieces[]): Promise<void> {
  for (const { sku, pieces } of wanted.toSorted((a, b) => (a.sku < b.sku ? -1 : 1))) {
    const taken = await open.query('update inventory.stock set pieces = pieces - $2 where sku = $1 and pieces >= $2 returning sku', [sku, pieces]);
    if (taken.length === 0) throw new SoldOutError(sku);
  }
}

export async function inStock(open: Transaction, sku: string): Promise<number> {
  const [row] = await open.query<{ pieces: number }>('select pieces from inventory.stock where sku = $1', [sku]);
  return row?.pieces ?? 0;
}
