import type { Catalogue } from '../catalogue/index.ts';
import type { Database, Transaction } from '../database.ts';
import type { Inventory, Pieces } from '../inventory/index.ts';
import type { Payments } from '../payments/index.ts';

export interface Basket { readonly customer: string; readonly lines: readonly Pieces[] }
export interface Order extends Basket { readonly id: number; readonly totalCents: number }

/** Runs in the transaction of the order: what it throws undoes the order. */
export type PlacedListener = (open: Transaction, order: Order) => Promise<void>;

/** What orders needs of others, by their public faces. */
export interface Needed { readonly catalogue: Catalogue; readonly inventory: Inventory; readonly payments: Payments }

// #region place
/** One transaction over the modules. Whoever refuses, nothing has happened. */
export function placeOrder(database: Database, { catalogue, inventory, payments }: Needed, listeners: Iterable<PlacedListener>, basket: Basket): Promise<Order> {
  requireLines(basket);
  return database.transaction(async (open) => {
    const lines: (Pieces & { priceCents: number })[] = [];
    for (const line of basket.lines) {
      lines.push({ ...line, priceCents: await catalogue.priceOf(open, line.sku) });
    }
    const totalCents = lines.reduce((sum, line) => sum + line.pieces * line.priceCents, 0);
    const id = await insert(open, basket.customer, totalCents, lines);

    await inventory.take(open, basket.lines);
    await payments.charge(open, { orderId: id, customer: basket.customer, cents: totalCents });

    const order = { ...basket, id, totalCents };
    for (const listener of listeners) await listener(open, order);
    return order;
  });
}
// #endregion place

async function insert(open: Transaction, customer: string, totalCents: number, lines: readonly (Pieces & { priceCents: number })[]): Promise<number> {
  const [placed] = await open.query<{ id: number }>('insert into orders.placed (customer, total_cents) values ($1, $2) returning id', [customer, totalCents]);
  for (const { sku, pieces, priceCents } of lines) {
    await open.query('insert into orders.line values ($1, $2, $3, $4)', [placed!.id, sku, pieces, priceCents]);
  }
  return placed!.id;
}

export async function ordersOf(open: Transaction, customer: string): Promise<number[]> {
  return (await open.query<{ id: number }>('select id from orders.placed where customer = $1 order by id', [customer])).map(({ id }) => id);
}

function requireLines({ lines }: Basket): void {
  if (lines.length === 0) throw new RangeError('an order must have at least one line: current value has 0');
  for (const { sku, pieces } of lines) {
    if (!(Number.isSafeInteger(pieces) && pieces > 0)) throw new RangeError(`pieces of '${sku}' must be a positive integer: current value is ${pieces}`);
  }
}
