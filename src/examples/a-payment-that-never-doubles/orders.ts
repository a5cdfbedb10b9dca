import { HttpStatusError } from '../retry-with-backoff/http-failure.ts';
import type { Database } from '../transactional-outbox/transactional-outbox.ts';
import { pay } from './a-payment-that-never-doubles.ts';
import type { Ask, KeyedPayment, Limits, Payment } from './contract.ts';
import { statements } from './schema.ts';

type State = 'placed' | 'paid' | 'refused';

/** The key of its payment is drawn and stored with the order, long before anybody asks for money. */
export async function placeOrder(database: Database, { order, customer, cents }: Payment): Promise<void> {
  await database.transaction((transaction) => transaction.query(statements.placeOrder, [order, customer, cents]));
}

// #region pay-order
/**
 * Pays an order, or finds out what became of an earlier attempt, of a process that died as well.
 * If it throws, the order stays `placed`: nobody knows yet, so nobody may say "failed". Call it again, with the same key.
 */
export async function payOrder(
  database: Database,
  id: string,
  ask: Ask,
  limits: Limits,
  signal?: AbortSignal,
): Promise<State> {
  const [row] = await database.transaction((transaction) =>
    transaction.query<KeyedPayment & { state: State }>(statements.order, [id]));
  if (row === undefined) throw new RangeError(`There is no order ${id}`);
  const { state, ...payment } = row;
  if (state !== 'placed') return state;
  const settled = await pay(payment, ask, limits, signal).then(() => 'paid' as const, (error: unknown) => {
    if (error instanceof HttpStatusError && error.status === 402) return 'refused' as const;
    throw error;
  });
  await database.transaction((transaction) => transaction.query(statements.settleOrder, [id, settled]));
  return settled;
}
// #endregion pay-order

/** Orders of which nobody knows yet, the oldest first; a job calls `payOrder` for them. Keys must be kept longer than it goes on asking. */
export async function unsettledOrders(database: Database, olderThanMs: number, limit = 100): Promise<string[]> {
  const rows = await database.transaction((transaction) => transaction.query<{ id: string }>(statements.unsettledOrders, [olderThanMs, limit]));
  return rows.map(({ id }) => id);
}
