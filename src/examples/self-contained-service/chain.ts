import type { OrderRequest } from './contract.ts';
import { OrderRefusedError } from './contract.ts';

/** What orders would have to ask while the customer waits. */
export interface Neighbours {
  priceOf: (sku: string, signal: AbortSignal) => Promise<{ priceCents: number } | undefined>;
  mayOrder: (customer: string, signal: AbortSignal) => Promise<boolean>;
  reserve: (order: string, sku: string, pieces: number, signal: AbortSignal) => Promise<boolean>;
}

// #region chain
/** The other design, to compare with: exact, and up only while all of them are. */
export async function placeByCalling(
  neighbours: Neighbours, order: OrderRequest, signal: AbortSignal,
): Promise<number> {
  const { id, customer, sku, pieces } = order;
  const product = await neighbours.priceOf(sku, signal);
  if (!product) throw new OrderRefusedError(`there is no product '${sku}'`);
  const mayOrder = await neighbours.mayOrder(customer, signal);
  if (!mayOrder) throw new OrderRefusedError(`customer '${customer}' may not order`);
  const isReserved = await neighbours.reserve(id, sku, pieces, signal);
  if (!isReserved) throw new OrderRefusedError(`'${sku}' is sold out`);
  return product.priceCents * pieces;
}
// #endregion chain
