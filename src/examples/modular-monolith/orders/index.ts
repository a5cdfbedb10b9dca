/** Public face of orders. Whoever uses orders imports this file and no other of the folder. */
import type { Database, Transaction } from '../database.ts';
import { ordersOf, placeOrder } from './place-order.ts';
import type { Basket, Needed, Order, PlacedListener } from './place-order.ts';

export type { Basket, Needed, Order, PlacedListener } from './place-order.ts';
export { tables as ordersTables } from './tables.ts';

// #region face
export interface Orders {
  /**
   * Prices, stock, payment and listeners in one transaction.
   * @throws NotSoldError, SoldOutError, PaymentRefusedError of the modules that refuse
   * @throws RangeError for an order without lines, or for pieces that are no positive integer
   */
  place(basket: Basket): Promise<Order>;
  /** Whoever wants to know of orders asks to be told; orders need not know who that is. */
  onPlaced(listener: PlacedListener): void;
  /** Numbers of the orders of a customer, the oldest first. */
  ordersOf(open: Transaction, customer: string): Promise<number[]>;
}

export function openOrders(database: Database, needed: Needed): Orders {
  const listeners: PlacedListener[] = [];
  return {
    place: async (basket) => placeOrder(database, needed, listeners, basket),
    onPlaced: (listener) => { listeners.push(listener); },
    ordersOf,
  };
}
// #endregion face
