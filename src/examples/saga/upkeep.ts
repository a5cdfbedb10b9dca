import type { Database } from './contract.ts';

export interface Figures {
  readonly running: number;
  readonly compensating: number;
  /** Waiting for a person, in either direction. */
  readonly parked: number;
  /** Age of the oldest saga that has not ended, in milliseconds. The number to alert on. */
  readonly oldestMs: number;
}
export async function figures(database: Database): Promise<Figures> {
  const [row] = await database.transaction((open) => open.query<Figures>(statements.figures, []));
  return row!;
}

/** Lets a parked saga go on, once its cause has been removed. @returns false if it was not parked */
export async function release(database: Database, saga: string): Promise<boolean> {
  const rows = await database.transaction((open) => open.query(statements.release, [saga]));
  return rows.length === 1;
}

/** Deletes sagas that ended longer ago than `olderThanMs`, at most `limit` of them. @returns how many */
export function forgetEnded(database: Database, olderThanMs: number, limit = 1_000): Promise<number> {
  return forget(database, statements.forget, olderThanMs, limit);
}

/**
 * For participants. A tombstone has to outlive every command that may still be on its way:
 * queues, retries and parked sagas decide how long that is. A step that was forgotten is not taken back any more.
 */
export function forgetTaken(database: Database, olderThanMs: number, limit = 1_000): Promise<number> {
  return forget(database, statements.forgetTaken, olderThanMs, limit);
}

async function forget(database: Database, statement: string, olderThanMs: number, limit: number): Promise<number> {
  if (!(Number.isFinite(olderThanMs) && olderThanMs >= 0)) {
    throw new RangeError(`Cannot forget sagas as 'olderThanMs' must be finite and not negative: current value is ${olderThanMs}`);
  }
  return (await database.transaction((open) => open.query(statement, [olderThanMs, limit]))).length;
}

const statements = {
  release: `
    update saga set due_at = now(), attempts = 0
     where id = $1 and due_at is null and ended_at is null
    returning id`,

  forget: `
    delete from saga where id in (
      select id from saga where ended_at < now() - $1::double precision * interval '1 millisecond' limit $2)
    returning id`,

  figures: `
    select count(*) filter (where state = 'running')::integer as running,
           count(*) filter (where state = 'compensating')::integer as compensating,
           count(*) filter (where due_at is null)::integer as parked,
           coalesce(extract(epoch from now() - min(started_at)) * 1000, 0)::double precision as "oldestMs"
      from saga
     where ended_at is null`,

  forgetTaken: `
    delete from step_taken where key in (
      select key from step_taken where taken_at < now() - $1::double precision * interval '1 millisecond' limit $2)
    returning key`,
};
