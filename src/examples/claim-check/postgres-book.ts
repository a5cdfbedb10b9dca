import type { ClaimBook } from './contract.ts';

/** Whatever speaks SQL to PostgreSQL, such as a client of `pg` or PGlite. */
export interface Database {
  query<Row>(text: string, parameters: readonly unknown[]): Promise<readonly Row[]>;
}

export const schema = `
  create table claim (
    key text primary key,
    readers text[] not null,
    done text[] not null default '{}',
    keep_until timestamptz not null
  )`;

/** The book in a table, beside the data of whoever owns the payloads. */
export class PostgresBook implements ClaimBook {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  // #region book
  async open(key: string, readers: readonly string[], keepMs: number): Promise<void> {
    await this.#database.query(`
      insert into claim (key, readers, keep_until) values ($1, $2, now() + $3 * interval '1 millisecond')
      on conflict (key) do update set keep_until = greatest(claim.keep_until, excluded.keep_until)`, [key, readers, keepMs]);
  }

  async isDone(key: string, reader: string): Promise<boolean> {
    const rows = await this.#database.query('select from claim where key = $1 and $2 = any (done)', [key, reader]);
    return rows.length > 0;
  }

  /** One statement, under the lock of the row: of two who finish at once, the second one sees both. */
  async done(key: string, reader: string): Promise<boolean> {
    const [row] = await this.#database.query<{ all: boolean }>(`
      update claim set done = case when $2 = any (done) then done else array_append(done, $2) end where key = $1
      returning cardinality(readers) > 0 and readers <@ done as all`, [key, reader]);
    return row?.all ?? false;
  }
  // #endregion book

  /** Drops what the store has deleted by itself. @returns how many */
  async forget(): Promise<number> {
    return (await this.#database.query('delete from claim where keep_until < now() returning key', [])).length;
  }
}
