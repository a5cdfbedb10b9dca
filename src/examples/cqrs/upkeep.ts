import type { Database, Position } from './contract.ts';

// #region serve
/** Two that take over queue here: a statement waits, and the next one sees what the other has done. */
const queue = `select pg_advisory_xact_lock(hashtextextended('serving ' || $1, 0))`;
const change = `
  with old as (
    select projections.name, projections.position
      from serving join projections on projections.name = serving.projection
     where serving.view = $1
       for update of projections)
  insert into serving
  select $1, next.name
    from projections next
   where next.name = $2 and next.position >= all (select position from old)
      on conflict (view) do update set projection = excluded.projection
  returning projection`;

/**
 * Lets another copy answer the queries, in one step for all readers. Refuses while it is behind the present one:
 * readers would go back in time. The present copy cannot move meanwhile, since its row is held.
 * @returns false if the copy is behind, or has not been begun
 */
export async function serve(readSide: Database, view: string, projection: string): Promise<boolean> {
  return readSide.transaction(async ({ query }) => {
    await query(queue, [view]);
    const rows = await query(change, [view, projection]);
    return rows.length === 1;
  });
}
// #endregion serve

/** Removes a copy and its checkpoint. Stop its projectors first. Fails if it still answers queries. */
export async function forget(readSide: Database, projection: string): Promise<void> {
  await readSide.transaction(({ query }) => query('delete from projections where name = $1', [projection]));
}

export interface Lag {
  readonly changes: number;
  /** Age of the oldest change that is not applied, in milliseconds. The number to alert on. */
  readonly oldestMs: number;
}
/** How far a copy is behind. A copy that nobody has begun is behind by everything. */
export async function lag(writeSide: Database, readSide: Database, projection: string): Promise<Lag> {
  const [checkpoint] = await readSide.transaction(({ query }) =>
    query<{ position: Position }>('select position::double precision as position from projections where name = $1', [projection]));
  const [row] = await writeSide.transaction(({ query }) => query<Lag>(`
    select count(*)::integer as changes,
           coalesce(extract(epoch from clock_timestamp() - min(recorded_at)) * 1000, 0)::double precision as "oldestMs"
      from changes
     where position > $1::bigint`, [checkpoint?.position ?? 0]));
  return row!;
}
