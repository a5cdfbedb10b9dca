import type { Clock, Random } from '../clock.ts';
import type { Reply } from '../idempotency-key/idempotency-key.ts';
import type { RetryOptions } from '../retry-with-backoff/retry-with-backoff.ts';
import type { OutboxEvent } from '../transactional-outbox/transactional-outbox.ts';

/** What *orders* wants: this customer's card charged once for this order. Money is counted in whole cents. */
export interface Payment { readonly order: string; readonly customer: string; readonly cents: number }
export interface KeyedPayment extends Payment {
  /** One per intended effect, stored before the first attempt, the same in all of them. */
  readonly key: string;
}
export interface Receipt { readonly paid: string }

/**
 * *Payments*, as its caller sees it. Resolves once the card is charged.
 * @throws HttpStatusError, ConnectionError or the reason of `signal`; after the last two the card may be charged all the same
 */
export type Ask<Asked extends Payment = KeyedPayment> = (payment: Asked, signal: AbortSignal) => Promise<Receipt>;

/** The card processor. It knows a second charge by its key, if it is given one. */
export type Charge = (charge: Payment & { readonly key?: string }, signal?: AbortSignal) => Promise<'charged' | 'declined'>;

/** What the rest of the shop hears of a payment. */
export type PaymentTaken = Pick<OutboxEvent, 'key' | 'type'> & { readonly payload: Payment };

/** How long and how often a caller asks. All durations in milliseconds. */
export interface Limits extends Pick<RetryOptions, 'maxAttempts' | 'baseDelayMs' | 'maxDelayMs' | 'deadlineMs' | 'onEvent' | 'budget'> {
  /** For one attempt; `deadlineMs` is for all of them. */
  attemptMs: number;
  clock?: Clock;
  random?: Random;
}

/** What the tables of *payments* can hold. To be asked before the card is charged: after it there is no way back. */
export function isPayment(value: unknown): value is Payment {
  const { order, customer, cents } = (value ?? {}) as Partial<Payment>;
  const isNamed = [order, customer].every((name) => typeof name === 'string' && name !== '');
  return isNamed && Number.isInteger(cents) && Number(cents) > 0 && Number(cents) < 2 ** 31;
}
export function paymentTaken({ order, customer, cents }: Payment): PaymentTaken {
  return { key: order, type: 'PaymentTaken', payload: { order, customer, cents } };
}
export const paid = ({ order }: Payment): Reply => ({ status: 201, body: { paid: order } satisfies Receipt });
/** Final: a repeat with the same key hears it again. Another card is another intention, and gets another key. */
export const declined: Reply = { status: 402, body: { reason: 'card declined' } };
