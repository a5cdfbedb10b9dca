import { statements } from './schema.ts';
import type { Database } from './contract.ts';

export interface Backlog {
  readonly pending: number;
  readonly parked: number;
  /** Age of the oldest event that is not published, parked ones included, in milliseconds. The number to alert on. */
  readonly oldestMs: number;
}
export async function backlog(database: Database): Promise<Backlog> {
  const rows = await database.transaction((transaction) => transaction.query<Backlog>(statements.backlog, []));
  return rows[0]!;
}

/**
 * Lets the relay try a parked event again, and after it the later events of its key.
 * @returns false if it was not parked
 */
export async function release(database: Database, id: string): Promise<boolean> {
  const rows = await database.transaction((transaction) => transaction.query(statements.release, [id]));
  return rows.length === 1;
}

/**
 * Deletes events published longer ago than `olderThanMs`, at most `limit` of them, so that no call holds locks for long.
 * @returns how many were deleted
 */
export async function forgetPublished(database: Database, olderThanMs: number, limit = 1_000): Promise<number> {
  if (!(Number.isFinite(olderThanMs) && olderThanMs >= 0)) {
    throw new RangeError(`Cannot forget events as 'olderThanMs' must be finite and not negative: current value is ${olderThanMs}`);
  }
  const gone = await database.transaction((transaction) => transaction.query(statements.forget, [olderThanMs, limit]));
  return gone.length;
}
