/** The steps on the way, each with the fault that the next one mends. For the guide and its tests; do not use them. */
import { systemClock } from '../clock.ts';
import type { Answer, Database, IdempotencyKeys, Reply } from '../idempotency-key/idempotency-key.ts';
import { retry } from '../retry-with-backoff/retry-with-backoff.ts';
import type { OutboxEvent } from '../transactional-outbox/transactional-outbox.ts';
import { withinLimit } from './attempt-limit.ts';
import { declined, paid, paymentTaken } from './contract.ts';
import type { Ask, Charge, KeyedPayment, Limits, Payment, PaymentTaken, Receipt } from './contract.ts';
import { statements } from './schema.ts';

// #region once
/** After the limit the card may be charged or not; the order says "failed". */
export function payOnce(
  payment: Payment,
  ask: Ask<Payment>,
  { attemptMs, clock = systemClock }: Limits,
  signal = new AbortController().signal,
): Promise<Receipt> {
  return withinLimit((limited) => ask(payment, limited), { attemptMs, clock }, signal);
}
// #endregion once

// #region again
/** Repeats every failure; nothing tells the other side that it is the same payment. */
export function payAgain(
  payment: Payment,
  ask: Ask<Payment>,
  limits: Limits,
  signal?: AbortSignal,
): Promise<Receipt> {
  return retry(
    (attempt) => payOnce(payment, ask, limits, attempt.signal),
    { ...limits, isRetryable: () => true },
    signal,
  );
}
// #endregion again

/** `tell` resolves once the broker has the event. */
type Tell = (event: PaymentTaken) => Promise<unknown>;

// #region charge
/** Three places, one after the other. A crash between two of them leaves the rest undone. */
export async function chargeAndTell(
  { database, charge, tell }: { database: Database; charge: Charge; tell: Tell },
  { order, customer, cents }: Payment,
  signal?: AbortSignal,
): Promise<Reply> {
  const payment = { order, customer, cents };
  if (await charge(payment, signal) === 'declined') return declined;
  await database.transaction((transaction) =>
    transaction.query(statements.insertPayment, [order, customer, cents]));
  await tell(paymentTaken(payment));
  return paid(payment);
}
// #endregion charge

// #region tell-after
/** The charge is safe to repeat now. The event is not: a repeat never gets there. */
export async function takeAndTell(
  { keys, charge, tell }: { keys: IdempotencyKeys; charge: Charge; tell: Tell },
  tenant: string,
  { key, ...payment }: KeyedPayment,
  signal?: AbortSignal,
): Promise<Answer> {
  const request = { tenant, key, operation: 'POST /payments', payload: payment };
  const answer = await keys.execute(request, {
    call: (downstreamKey) => charge({ ...payment, key: downstreamKey }, signal),
    commit: async (transaction, outcome) => {
      if (outcome === 'declined') return declined;
      const { order, customer, cents } = payment;
      await transaction.query(statements.insertPayment, [order, customer, cents]);
      return paid(payment);
    },
  }, signal);
  // Committed, and nobody told: a crash here loses the event for good.
  if (!answer.replayed && answer.status === 201) await tell(paymentTaken(payment));
  return answer;
}
// #endregion tell-after

// #region book-each
/** Books whatever is delivered, the second copy too. */
export async function bookEach(database: Database, { payload }: Pick<OutboxEvent, 'payload'>): Promise<void> {
  const { customer, cents } = payload as Payment;
  await database.transaction((transaction) => transaction.query(statements.book, [customer, cents]));
}
// #endregion book-each
