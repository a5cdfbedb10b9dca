import type { OutboxEvent, Transaction } from './contract.ts';
import { statements } from './schema.ts';

export * from './contract.ts';
export { OutboxRelay } from './outbox-relay.ts';

// #region record
/**
 * Writes an event in the caller's transaction, so that it exists if and only if the change does.
 * Lock the row of `key` first (an update does): the id is then drawn under that lock,
 * and the ids of one key follow the order of its commits.
 * @returns the message id that consumers will see
 */
export async function recordEvent(
  transaction: Transaction,
  event: Pick<OutboxEvent, 'key' | 'type' | 'payload'>,
  headers: OutboxEvent['headers'] = {},
): Promise<string> {
  const { key, type } = event;
  const payload = JSON.stringify(event.payload);
  if (key === '') throw new RangeError("Cannot record an event as 'key' must not be empty");
  if (type === '') throw new RangeError("Cannot record an event as 'type' must not be empty");
  if (payload === undefined) {
    const found = String(event.payload);
    throw new RangeError(`Cannot record an event as 'payload' must be JSON: current value is ${found}`);
  }
  const values = [key, type, payload, JSON.stringify(headers)];
  const [row] = await transaction.query<{ message: string }>(statements.record, values);
  return row!.message;
}
// #endregion record
