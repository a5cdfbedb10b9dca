/** Public face of shipping, as a context with a model of its own. */
import type { Transaction } from '../modular-monolith/database.ts';
import { packed } from './model.ts';
import type { Consignment, Product, Recipient } from './model.ts';
import { onRequested } from './translation.ts';
import type { OrderSource, Request } from './translation.ts';

export { TooHeavyError } from './model.ts';
export type { Product, Recipient } from './model.ts';
export { tables as shippingTables } from './tables.ts';

/** Refused by shipping: it has never weighed the product, or does not know where to send it. */
export class CannotShipError extends Error {
  override readonly name = 'CannotShipError';
}

export interface Shipping {
  weigh(open: Transaction, product: Product): Promise<void>;
  /** Where things go that a customer asks for from now on; parcels that are packed keep their address. */
  sendTo(open: Transaction, askedBy: string, recipient: Recipient): Promise<void>;
  /** Numbers of the parcels of an order that have not been handed over. */
  waiting(open: Transaction, orderId: number): Promise<number[]>;
  /** To the carrier; once more changes nothing. @throws RangeError for a parcel that shipping never packed */
  handOver(open: Transaction, parcel: number): Promise<void>;
  /** In the sense of shipping: every parcel has left. It says nothing about payment. */
  isComplete(open: Transaction, orderId: number): Promise<boolean>;
}

export function openShipping(orders: OrderSource): Shipping {
  onRequested(orders, prepare);
  return { weigh, sendTo, waiting, handOver, isComplete };
}

// #region prepare
/** In the transaction of the order: what cannot be shipped is not sold. */
async function prepare(open: Transaction, request: Request): Promise<void> {
  const consignment = await consignmentOf(open, request);
  const { orderId, to: { name, address } } = consignment;
  for (const { skus, grams, isFragile } of packed(consignment)) {
    await open.query('insert into shipping.parcel (order_id, name, address, skus, grams, is_fragile) values ($1, $2, $3, $4, $5, $6)',
      [orderId, name, address, skus, grams, isFragile]);
  }
}

/** Same names, own facts: the weight of what was ordered, and the address of who asked for it. */
async function consignmentOf(open: Transaction, { orderId, askedBy, pieces }: Request): Promise<Consignment> {
  const [to] = await open.query<Recipient>('select name, address from shipping.recipient where asked_by = $1', [askedBy]);
  if (to === undefined) throw new CannotShipError(`nobody has said where to send what '${askedBy}' asks for`);
  const items = [];
  for (const [sku, count] of pieces) {
    const [product] = await open.query<Product>('select sku, grams, is_fragile as "isFragile" from shipping.product where sku = $1', [sku]);
    if (product === undefined) throw new CannotShipError(`'${sku}' was never weighed`);
    items.push({ product, pieces: count });
  }
  return { orderId, to, items };
}
// #endregion prepare

async function weigh(open: Transaction, { sku, grams, isFragile }: Product): Promise<void> {
  await open.query(`insert into shipping.product values ($1, $2, $3)
    on conflict (sku) do update set grams = excluded.grams, is_fragile = excluded.is_fragile`, [sku, grams, isFragile]);
}

async function sendTo(open: Transaction, askedBy: string, { name, address }: Recipient): Promise<void> {
  await open.query(`insert into shipping.recipient values ($1, $2, $3)
    on conflict (asked_by) do update set name = excluded.name, address = excluded.address`, [askedBy, name, address]);
}

async function waiting(open: Transaction, orderId: number): Promise<number[]> {
  return (await open.query<{ number: number }>('select number from shipping.parcel where order_id = $1 and not is_handed_over order by number', [orderId])).map(({ number }) => number);
}

async function handOver(open: Transaction, parcel: number): Promise<void> {
  const found = await open.query('update shipping.parcel set is_handed_over = true where number = $1 returning number', [parcel]);
  if (found.length === 0) throw new RangeError(`there is no parcel ${parcel}`);
}

async function isComplete(open: Transaction, orderId: number): Promise<boolean> {
  const [parcels] = await open.query<{ left: boolean | null }>('select bool_and(is_handed_over) as left from shipping.parcel where order_id = $1', [orderId]);
  return parcels!.left === true;
}
