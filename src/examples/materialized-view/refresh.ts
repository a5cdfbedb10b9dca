import { ViewMissingError } from './contract.ts';
import type { Database } from './contract.ts';

/** The other way: the database keeps the view and computes it anew as a whole. Who reads it sees when that was. */
export const salesSchema = `
  create table sales (
    sku     text not null,
    sold_on date not null,
    cents   integer not null
  );
  create materialized view sales_by_day as
    select sold_on as day, sku, count(*)::integer as pieces, sum(cents)::integer as cents
      from sales group by sold_on, sku
    with no data;
  -- Without it there is no refresh beside readers. Over columns that are never null: rows with nulls count as changed each time.
  create unique index sales_by_day_key on sales_by_day (day, sku);
  create table refreshes (
    view    text primary key,
    as_of   timestamptz not null,
    took_ms double precision not null
  );
`;

export interface SalesOfDay { readonly sku: string; readonly pieces: number; readonly cents: number }

// #region refresh
/**
 * Contents and age change in one commit. Readers keep the old ones until then, except before the first time.
 * @param limitMs after which PostgreSQL gives up and leaves all as it was
 * @returns false if another refresh is at work: a queue of them would only repeat the same query
 */
export async function refresh(database: Database, limitMs = 600_000): Promise<boolean> {
  return database.transaction(async ({ query }) => {
    await query(`select set_config('statement_timeout', $1, true)`, [String(limitMs)]);
    const [turn] = await query<{ mine: boolean }>(`select pg_try_advisory_xact_lock(hashtextextended('refresh sales_by_day', 0)) as mine`, []);
    if (!turn!.mine) return false;
    const [is] = await query<{ populated: boolean }>(`select relispopulated as populated from pg_class where oid = 'sales_by_day'::regclass`, []);
    await query(`refresh materialized view ${is!.populated ? 'concurrently' : ''} sales_by_day`, []);
    // now() is when the transaction began, before the query looked: rather too old than too young.
    await query(`
      insert into refreshes values ('sales_by_day', now(), extract(epoch from clock_timestamp() - now()) * 1000)
          on conflict (view) do update set as_of = excluded.as_of, took_ms = excluded.took_ms`, []);
    return true;
  });
}
// #endregion refresh

/**
 * Sales of a day, and how old the view is in milliseconds.
 * @param day as `2026-11-28`
 * @throws ViewMissingError before the first refresh
 */
export async function salesOf(database: Database, day: string): Promise<{ sales: readonly SalesOfDay[]; ageMs: number }> {
  const read = `
    select greatest(0, extract(epoch from clock_timestamp() - as_of) * 1000)::double precision as "ageMs",
           (select coalesce(json_agg(line), '[]') from (select sku, pieces, cents from sales_by_day where day = $1::date order by sku) line) as sales
      from refreshes where view = 'sales_by_day'`;
  const [row] = await database.transaction(async ({ query }) => {
    const known = await query(`select 1 from refreshes where view = 'sales_by_day'`, []);
    return known.length === 0 ? [] : query<{ sales: SalesOfDay[]; ageMs: number }>(read, [day]);
  });
  if (row === undefined) throw new ViewMissingError('sales_by_day was never computed: refresh it');
  return row;
}
