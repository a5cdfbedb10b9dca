import type { Database, Transaction } from '../saga/contract.ts';
import { perform } from '../saga/participant.ts';
import { effects } from '../saga/shop.ts';
import type { OutboxEvent } from '../transactional-outbox/contract.ts';

/** What a consumer needs of an event. */
export type Message = Pick<OutboxEvent, 'message' | 'key' | 'type' | 'payload' | 'headers'>;
/** In one transaction of the consumer. What it throws leaves the message unhandled, to be delivered again. */
export type React = (open: Transaction, message: Message) => Promise<unknown>;

// #region once
/**
 * The id of the message commits with its effect, so a copy finds it.
 * Acknowledge after this has resolved.
 * @returns false for a copy
 */
export async function once(
  database: Database, message: Message, react: React,
): Promise<boolean> {
  const key = `message ${message.message}`;
  const { repeated } = await database.transaction((open) =>
    perform(open, key, () => react(open, message)));
  return !repeated;
}
// #endregion once

const recordTaking = 'insert into takings (order_id, cents) values ($1, $2)';

/** One line for each time that money was taken. */
export const takingsSchema = `
  create table takings (
    id       bigint generated always as identity primary key,
    order_id text not null,
    cents    integer not null
  );
`;

// #region payments
/** Payments, when it hears of an order. Two lines in the takings are two charges. */
export const takeMoney: React = async (open, { type, key, payload }) => {
  if (type !== 'OrderConfirmed') return;
  const { totalCents } = payload as { totalCents: number };
  await effects.capture(open, key);
  await open.query(recordTaking, [key, totalCents]);
};
// #endregion payments
