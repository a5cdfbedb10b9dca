import { systemClock } from '../clock.ts';
import type { Clock, Random } from '../clock.ts';
import type { Database } from './shop.ts';

/** `address` becomes `street` and `city` while the old and the new version of orders, and both contracts, are in use. */
export const ordersV1 = `create view parcel as select id, address from orders.parcel`;
export const ordersV2 = `create view parcel as select id, street, city from orders.parcel`;

// #region expand
/** Only adds. Whichever version writes a row, both shapes of it are there afterwards. */
export const expand = [
  `alter table orders.parcel add column street text, add column city text`,
  `create function orders.parts(address text) returns text[] language sql immutable set search_path = '' as $$
    select array[regexp_replace(address, '\\s*,[^,]*$', ''),
                 case when address like '%,%' then trim(substring(address from '[^,]*$')) else '' end]
  $$`,
  `create function orders.keep_both() returns trigger language plpgsql set search_path = '' as $$
  begin
    -- A row that nobody has filled: as if it had been, so that a new version may write one of the two.
    if tg_op = 'UPDATE' and old.street is null then
      old.street := (orders.parts(old.address))[1];
      old.city := (orders.parts(old.address))[2];
      new.street := coalesce(new.street, old.street);
      new.city := coalesce(new.city, old.city);
    end if;
    -- Of a new row all of old is null.
    if new.street is null or (new.address is distinct from old.address
                          and (new.street, new.city) is not distinct from (old.street, old.city)) then
      new.street := (orders.parts(new.address))[1];
      new.city := (orders.parts(new.address))[2];
    elsif (new.street, new.city) is distinct from (old.street, old.city) then
      new.city := coalesce(new.city, '');
      new.address := concat_ws(', ', new.street, nullif(new.city, ''));
    end if;
    return new;
  end $$`,
  `create trigger keep_both before insert or update on orders.parcel for each row execute function orders.keep_both()`,
];
// #endregion expand

const backfillBatch = `
  with filled as (
    update orders.parcel set address = address
     where id in (select id from orders.parcel where street is null and id > $2 order by id limit $1 for update skip locked)
    returning id)
  select count(*)::integer as rows, max(id) as last from filled`;

/**
 * Small transactions, each over a few rows, so that nobody waits long, and each from where the last one ended.
 * Passes over rows that somebody holds: run it until it fills none; `contract` refuses while one is left.
 * @returns how many rows were filled
 */
export async function backfill(database: Database, rows = 1_000): Promise<number> {
  let filled = 0;
  for (let after = ''; ;) {
    const [batch] = await database.transaction((open) => open.query<{ rows: number; last: string | null }>(backfillBatch, [rows, after]));
    if (batch?.last == null) return filled;
    filled += batch.rows;
    after = batch.last;
  }
}

// #region contract
/** The database itself refuses while rows lack the new shape, or while a view still shows the old one. */
export const contract = [
  `alter table orders.parcel alter column street set not null, alter column city set not null`,
  `drop trigger keep_both on orders.parcel`,
  `drop function orders.keep_both(), orders.parts(text)`,
  `alter table orders.parcel drop column address`,
];
// #endregion contract

export interface AlterOptions {
  /**
   * How long the change may stand in the queue of a table; everybody behind it waits as long. In milliseconds.
   * Each lock has it anew, and what it has got it keeps: change one table at a time. How long the work takes is not limited.
   */
  readonly lockTimeoutMs?: number;
  readonly maxAttempts?: number;
  /** Longest pause between attempts, in milliseconds; each is drawn between half of it and all. */
  readonly pauseMs?: number;
  readonly clock?: Clock;
  readonly random?: Random;
}

// #region alter
/**
 * Changes tables that others use: does not wait for a lock longer than they can bear, and comes again.
 * @throws what the database said last when no attempt got its locks, and any other error at once
 */
export async function alter(database: Database, statements: readonly string[], options: AlterOptions = {}, signal?: AbortSignal): Promise<void> {
  const { lockTimeoutMs = 200, maxAttempts = 20, pauseMs = 5_000, clock = systemClock, random = Math.random } = options;
  for (const [name, value] of Object.entries({ lockTimeoutMs, maxAttempts, pauseMs })) {
    if (!(Number.isInteger(value) && value > 0)) throw new RangeError(`Cannot alter as '${name}' must be a whole number above 0: current value is ${value}`);
  }
  for (let attempt = 1; ; attempt++) {
    try {
      return await database.transaction(async (open) => {
        await open.query(`set local lock_timeout = ${lockTimeoutMs}`, []);
        for (const statement of statements) await open.query(statement, []);
      });
    } catch (error) {
      if ((error as { code?: unknown }).code !== lockNotAvailable || attempt === maxAttempts) throw error;
    }
    await clock.sleep(pauseMs * (1 + random()) / 2, signal);
  }
}
// #endregion alter

const lockNotAvailable = '55P03';
