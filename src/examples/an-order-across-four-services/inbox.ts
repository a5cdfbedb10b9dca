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
 * @param receiver each one in this database hears every message once
 * @returns false for a copy
 */
export async function once(
  database: Database, receiver: string, message: Message, react: React,
): Promise<boolean> {
  const key = `${receiver}, message ${message.message}`;
  return database.transaction(async (open) => {
    const effect = () => react(open, message);
    const { state, result, repeated } = await perform(open, key, effect);
    // A fact cannot be refused: whoever tries has not handled it.
    if (state === 'refused') throw new Error(`${key}: ${String(result)}`);
    return !repeated;
  });
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
