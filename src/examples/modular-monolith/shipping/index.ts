/** Public face of shipping: the parcels that have to leave. It listens to orders, which know nothing of it. */
import type { Transaction } from '../database.ts';
import type { Orders } from '../orders/index.ts';
import { prepare, send, toSend } from './parcels.ts';

export { tables as shippingTables } from './tables.ts';

export interface Shipping {
  /** Numbers of the orders whose parcels have not left. */
  toSend(open: Transaction): Promise<number[]>;
  send(open: Transaction, orderId: number): Promise<void>;
}

export function openShipping(orders: Pick<Orders, 'onPlaced'>): Shipping {
  orders.onPlaced(prepare);
  return { toSend, send };
}
