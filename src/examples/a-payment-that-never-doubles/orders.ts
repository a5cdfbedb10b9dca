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
 * Pays an order, or finds out what became of an earlier attempt, even of a dead process.
 * If it throws, nobody knows yet: the order stays `placed`, nobody says "failed", and
 * whoever calls this again sends the same key.
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
  let settled: State = 'paid';
  try {
    await pay(payment, ask, limits, signal);
  } catch (error) {
    if (!(error instanceof HttpStatusError) || error.status !== 402) throw error;
    settled = 'refused';
  }
  await database.transaction((transaction) =>
    transaction.query(statements.settleOrder, [id, settled]));
  return settled;
}
// #endregion pay-order

/** Orders of which nobody knows yet, the oldest first; a job calls `payOrder` for them. Keys must be kept longer than it goes on asking. */
export async function unsettledOrders(database: Database, olderThanMs: number, limit = 100): Promise<string[]> {
  if (!(Number.isFinite(olderThanMs) && olderThanMs >= 0)) throw new RangeError(`Cannot list orders as 'olderThanMs' must be finite and not negative: current value is ${olderThanMs}`);
  const rows = await database.transaction((transaction) => transaction.query<{ id: string }>(statements.unsettledOrders, [olderThanMs, limit]));
  return rows.map(({ id }) => id);
}
