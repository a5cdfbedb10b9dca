import type { Database, Transaction } from '../transactional-outbox/transactional-outbox.ts';
import { statements } from './schema.ts';

// #region handle
/**
 * An idempotent consumer: commits `effect` at most once per consumer and message,
 * since the id is remembered in the transaction of the effect. Acknowledge when this
 * resolves, whatever it says; if it throws, let the message be delivered again.
 * @returns false for a copy of a message that was handled before
 */
export async function handleOnce(
  database: Database,
  consumer: string,
  message: string,
  effect: (transaction: Transaction) => Promise<unknown>,
): Promise<boolean> {
  requireNamed({ consumer, message });
  return database.transaction(async (transaction) => {
    const isNew = await transaction.query(statements.remember, [consumer, message]);
    if (isNew.length === 0) return false;
    await effect(transaction);
    return true;
  });
}
// #endregion handle

/**
 * Forgets messages handled longer ago than `olderThanMs`, at most `limit` of them. Choose it longer than the broker,
 * the relay or a person with a replay button can deliver a copy.
 * @returns how many
 */
export async function forgetHandled(database: Database, olderThanMs: number, limit = 1_000): Promise<number> {
  if (!(Number.isFinite(olderThanMs) && olderThanMs >= 0)) throw new RangeError(`Cannot forget messages as 'olderThanMs' must be finite and not negative: current value is ${olderThanMs}`);
  if (!(Number.isInteger(limit) && limit > 0)) throw new RangeError(`Cannot forget messages as 'limit' must be a positive integer: current value is ${limit}`);
  const gone = await database.transaction((transaction) => transaction.query(statements.forgetHandled, [olderThanMs, limit]));
  return gone.length;
}

function requireNamed(names: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(names)) {
    if (value === '') throw new RangeError(`Cannot handle a message as '${name}' must not be empty`);
  }
}
