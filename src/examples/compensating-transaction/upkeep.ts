import type { Database } from './contract.ts';

export interface Figures {
  readonly undoing: number;
  /** Waiting for a person. */
  readonly parked: number;
  /** Age of the oldest work that is still open or being taken back, parked included, in milliseconds. The number to alert on. */
  readonly oldestMs: number;
}
export async function figures(database: Database): Promise<Figures> {
  const [row] = await database.transaction((open) => open.query<Figures>(statements.figures, []));
  return row!;
}

/** Lets parked work go on, once its cause has been removed. @returns false if it was not parked */
export async function unpark(database: Database, work: string): Promise<boolean> {
  return (await database.transaction((open) => open.query(statements.unpark, [work]))).length === 1;
}

/**
 * For a parked step that no repetition will take back: a person has made up for it, and what is left of the work goes on.
 * @param how stays on record, such as a return label sent or a credit note
 * @returns false if the work was not parked, or the step not among those that are left
 */
export async function settle(database: Database, work: string, step: string, how: string): Promise<boolean> {
  return (await database.transaction((open) => open.query(statements.settle, [work, step, how]))).length === 1;
}

/**
 * Deletes what can no longer be taken back, or has been. Kept work stays: seal it when the time to cancel is over.
 * @returns how many, at most `limit`
 */
export async function forget(database: Database, olderThanMs: number, limit = 1_000): Promise<number> {
  if (!(Number.isFinite(olderThanMs) && olderThanMs >= 0)) throw new RangeError(`Cannot forget work as 'olderThanMs' must be finite and not negative: current value is ${olderThanMs}`);
  return (await database.transaction((open) => open.query(statements.forget, [olderThanMs, limit]))).length;
}

const statements = {
  figures: `
    select count(*) filter (where state = 'undoing')::integer as undoing,
           count(*) filter (where state = 'undoing' and due_at is null)::integer as parked,
           coalesce(extract(epoch from now() - min(begun_at)) * 1000, 0)::double precision as "oldestMs"
      from work
     where state in ('open', 'undoing')`,
  unpark: `update work set due_at = now(), attempts = 0 where id = $1 and state = 'undoing' and due_at is null returning id`,
  settle: `
    with parked as (select id from work where id = $1 and state = 'undoing' and due_at is null for update),
         settled as (
           update undo_step set undone_at = now(), settled = $3 from parked
            where undo_step.work = parked.id and step = $2 and undone_at is null returning parked.id)
    update work set due_at = now(), attempts = 0 from settled where work.id = settled.id returning work.id`,
  forget: `
    delete from work where id in (
      select id from work where state in ('sealed', 'undone') and begun_at < now() - $1::double precision * interval '1 millisecond' limit $2)
    returning id`,
};
