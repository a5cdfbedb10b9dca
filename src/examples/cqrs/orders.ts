import { OrderRefusedError } from './contract.ts';
import type { Database, Feed, Position, Transaction } from './contract.ts';
import { statements } from './schema.ts';

/** Money in cents. */
export type OrderCommand =
  | { readonly type: 'place'; readonly order: string; readonly customer: string; readonly cents: number }
  | { readonly type: 'ship' | 'cancel'; readonly order: string };

interface Order { readonly customer: string; readonly cents: number; readonly status: string }

const closing = {
  ship: { status: 'shipped', change: 'OrderShipped' },
  cancel: { status: 'cancelled', change: 'OrderCancelled' },
} as const;

// #region handle
/**
 * The write side: rules, and rows in the shape of the rules. The change is recorded in the same transaction, as its
 * last statement, because the position is drawn under a lock that all commands want.
 * @returns a position for queries: who waits for it sees this command
 * @throws OrderRefusedError; nothing is written then
 */
export function handle(database: Database, command: OrderCommand, signal?: AbortSignal): Promise<Position> {
  return database.transaction(async (transaction) => {
    signal?.throwIfAborted();
    const change = command.type !== 'place' ? await close(transaction, command) : await place(transaction, command);
    signal?.throwIfAborted();
    // A repeated command has been recorded before; the end of the feed lies behind that.
    const [row] = change === undefined
      ? await transaction.query<{ position: Position }>(statements.head, [])
      : await transaction.query<{ position: Position }>(statements.record, [change.type, JSON.stringify(change.data)]);
    return row!.position;
  });
}

async function close(transaction: Transaction, { type, order }: { type: 'ship' | 'cancel'; order: string }) {
  const { status, change } = closing[type];
  // The rule stands in the statement: between a look and an update there would be a gap.
  const [closed] = await transaction.query<Order>(statements.closeOrder, [order, status]);
  if (closed !== undefined) return { type: change, data: { order, customer: closed.customer, cents: closed.cents } };
  const [found] = await transaction.query<Order>(statements.order, [order]);
  if (found?.status === status) return undefined;
  throw new OrderRefusedError(`Orders refused to ${type} ${order}: it is ${found?.status ?? 'unknown'}`);
}
// #endregion handle

async function place(transaction: Transaction, { order, customer, cents }: Extract<OrderCommand, { type: 'place' }>) {
  if (!(Number.isSafeInteger(cents) && cents > 0)) {
    throw new RangeError(`Cannot place an order as 'cents' must be a positive integer: current value is ${cents}`);
  }
  const [placed] = await transaction.query(statements.placeOrder, [order, customer, cents]);
  if (placed !== undefined) return { type: 'OrderPlaced', data: { order, customer, cents } };
  const [other] = await transaction.query<Order>(statements.order, [order]);
  if (other!.customer === customer && other!.cents === cents) return undefined;
  throw new OrderRefusedError(`Orders refused to place ${order}: there is another order of this number`);
}

// #region feed
/** Positions follow the commits, so nothing can appear in front of what has been read. */
export const localFeed: Feed = (after, limit, { query }) => query(statements.changes, [after, limit]);

/** The same, where the views stand in another database. */
export function remoteFeed(writeSide: Database): Feed {
  return (after, limit) => writeSide.transaction((transaction) => localFeed(after, limit, transaction));
}
// #endregion feed
