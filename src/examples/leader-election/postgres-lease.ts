import { StaleEpochError } from './contract.ts';
import type { LeaseStore } from './contract.ts';

export { StaleEpochError };

// #region schema
/**
 * A row is never deleted, since its epoch would begin anew. With `epoch` in a unique key, a change
 * of it waits for those who read it `for key share`, and a renewal does not.
 */
export const leaseSchema = `
  create table lease (
    name        text primary key,
    epoch       bigint not null,
    holder      text,
    expires_at  timestamptz not null,
    unique (name, epoch)
  );
`;
// #endregion schema

/** PostgreSQL 9.5 or later. `clock_timestamp()`: a statement may have waited for the row. */
export const leaseStatements = {
  // #region acquire
  acquire: `
    with first as (
      insert into lease (name, epoch, holder, expires_at)
      values ($1, 1, $2, clock_timestamp() + $3::double precision * interval '1 millisecond')
      on conflict do nothing returning epoch),
    next as (
      update lease set epoch = epoch + 1, holder = $2,
             expires_at = clock_timestamp() + $3::double precision * interval '1 millisecond'
       where name = $1 and expires_at <= clock_timestamp() returning epoch)
    select epoch::integer from first union all select epoch::integer from next`,
  // #endregion acquire

  renew: `
    update lease set expires_at = clock_timestamp() + $3::double precision * interval '1 millisecond'
     where name = $1 and epoch = $2 returning epoch`,

  /** A new epoch too, so that the old one is refused from now on. */
  release: `update lease set epoch = epoch + 1, holder = null, expires_at = '-infinity' where name = $1 and epoch = $2`,

  // #region guard
  /** In the transaction that writes: no other term begins before it commits. No row: write nothing. */
  guard: `select epoch from lease where name = $1 and epoch = $2 for key share`,
  // #endregion guard
};

/** A session, or a pool that runs each statement by itself; for the lease not the pool of the work, behind whose queries a renewal would wait. */
export interface Database {
  query<Row>(text: string, parameters: readonly unknown[]): Promise<readonly Row[]>;
}

/** A lease in a row. Signals are not looked at: whoever asks stops to wait, and a statement has its own time limit. */
export class PostgresLease implements LeaseStore {
  readonly #database: Database;
  readonly #name: string;

  constructor(database: Database, name: string) {
    this.#database = database;
    this.#name = name;
  }

  async acquire(holder: string, leaseMs: number): Promise<number | undefined> {
    const [term] = await this.#database.query<{ epoch: number }>(leaseStatements.acquire, [this.#name, holder, leaseMs]);
    return term?.epoch;
  }

  async renew(epoch: number, leaseMs: number): Promise<boolean> {
    return (await this.#database.query(leaseStatements.renew, [this.#name, epoch, leaseMs])).length > 0;
  }

  async release(epoch: number): Promise<void> {
    await this.#database.query(leaseStatements.release, [this.#name, epoch]);
  }

  /**
   * First statement of each transaction that writes for the leader.
   * @throws StaleEpochError: roll back
   */
  async guard(transaction: Database, epoch: number): Promise<void> {
    const term = await transaction.query(leaseStatements.guard, [this.#name, epoch]);
    if (term.length === 0) throw new StaleEpochError(this.#name, epoch);
  }
}
