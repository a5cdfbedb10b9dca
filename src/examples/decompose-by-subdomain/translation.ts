import type { Transaction } from '../modular-monolith/database.ts';
import type { Order, Orders } from '../modular-monolith/orders/index.ts';

// #region translation
/** All that shipping wants to hear of orders. */
export type OrderSource = Pick<Orders, 'onPlaced'>;

/** An order in the words of shipping: who asked for how many pieces of what. What it costs ends here. */
export interface Request {
  readonly orderId: number;
  readonly askedBy: string;
  readonly pieces: ReadonlyMap<string, number>;
}

/** Two lines of one product are two prices to orders, and one thing to carry to shipping. */
export function requestOf({ id, customer, lines }: Order): Request {
  const pieces = new Map<string, number>();
  for (const line of lines) pieces.set(line.sku, (pieces.get(line.sku) ?? 0) + line.pieces);
  return { orderId: id, askedBy: customer, pieces };
}

/** Hands on the words of shipping alone, so that no other file of it ever holds an order. */
export function onRequested(orders: OrderSource, listener: (open: Transaction, request: Request) => Promise<void>): void {
  orders.onPlaced((open, order) => listener(open, requestOf(order)));
}
// #endregion translation
