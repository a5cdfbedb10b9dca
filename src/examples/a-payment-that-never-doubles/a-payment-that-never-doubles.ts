/**
 * One payment, charged once, booked once. Three programs that share nothing but a key and a message id:
 * `pay` in *orders*, `takePayment` in *payments* with an OutboxRelay beside it, `bookPayment` in *accounts*.
 */
import { systemClock } from '../clock.ts';
import type { Answer, IdempotencyKeys } from '../idempotency-key/idempotency-key.ts';
import { HttpStatusError, isRetryable } from '../retry-with-backoff/http-failure.ts';
import { retry } from '../retry-with-backoff/retry-with-backoff.ts';
import { recordEvent } from '../transactional-outbox/transactional-outbox.ts';
import type { Database, OutboxEvent } from '../transactional-outbox/transactional-outbox.ts';
import { withinLimit } from './attempt-limit.ts';
import { declined, isPayment, paid, paymentTaken } from './contract.ts';
import type { Ask, Charge, KeyedPayment, Limits, Payment, Receipt } from './contract.ts';
import { handleOnce } from './inbox.ts';
import { statements } from './schema.ts';

export * from './contract.ts';

// #region pay
/**
 * Asks until somebody knows: every attempt carries the same key, so a repeat does no harm.
 * @throws RetryGaveUpError: the outcome is unknown, ask again later with the same key.
 * HttpStatusError: refused for good, for example 402. The reason of `signal`
 */
export async function pay(
  payment: KeyedPayment,
  ask: Ask,
  limits: Limits,
  signal?: AbortSignal,
): Promise<Receipt> {
  const { attemptMs, clock = systemClock } = limits;
  const headers = new Headers({ 'idempotency-key': payment.key });
  return retry(
    ({ signal: either }) =>
      withinLimit((limited) => ask(payment, limited), { attemptMs, clock }, either),
    {
      ...limits,
      // 409: an earlier attempt is still at work. It will have an answer for this one.
      isRetryable: (error) =>
        statusOf(error) === 409 || isRetryable({ method: 'POST', headers }, error),
      retryAfterMs: (error) =>
        error instanceof HttpStatusError ? error.retryAfterMs : undefined,
    },
    signal,
  );
}
// #endregion pay

// #region take
/**
 * Charges once per key, if `charge` keeps to the key that it is given. Payment,
 * answer and event commit together. Repeats nothing: one layer of retries is enough.
 * @param tenant who asks, from the credentials
 * @throws RangeError for what is no payment, what IdempotencyKeys.execute throws,
 * or whatever `charge` throws
 */
export async function takePayment(
  { keys, charge }: { keys: IdempotencyKeys; charge: Charge },
  tenant: string,
  { key, ...payment }: KeyedPayment,
  signal?: AbortSignal,
): Promise<Answer> {
  if (!isPayment(payment)) throw new RangeError(`not a payment: ${JSON.stringify(payment)}`);
  const request = { tenant, key, operation: 'POST /payments', payload: payment };
  return keys.execute(request, {
    // The key of the row, not of the attempt: whoever takes over sends the same.
    call: (downstreamKey) => charge({ ...payment, key: downstreamKey }, signal),
    commit: async (transaction, outcome) => {
      if (outcome === 'declined') return declined;
      const { order, customer, cents } = payment;
      await transaction.query(statements.insertPayment, [order, customer, cents]);
      await recordEvent(transaction, paymentTaken(payment));
      return paid(payment);
    },
  }, signal);
}
// #endregion take

// #region book
/** @returns false for a copy; acknowledge it all the same */
export async function bookPayment(
  database: Database,
  { message, payload }: Pick<OutboxEvent, 'message' | 'payload'>,
): Promise<boolean> {
  const { customer, cents } = payload as Payment;
  return handleOnce(database, 'accounts', message, (transaction) =>
    transaction.query(statements.book, [customer, cents]));
}
// #endregion book

function statusOf(error: unknown): number | undefined {
  return error instanceof HttpStatusError ? error.status : undefined;
}
