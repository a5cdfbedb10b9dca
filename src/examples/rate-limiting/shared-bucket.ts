import { RateLimitedError } from './contract.ts';
import { requirePositive } from './positive.ts';

/** PostgreSQL 13 or later. Its clock counts, since those of the instances differ. */
// #region table
export const bucketSchema = `
  create table rate_limit (
    limiter  text not null,
    key      text not null,
    full_at  timestamptz not null,
    primary key (limiter, key)
  );
  create index rate_limit_full_at on rate_limit (full_at);
`;
// #endregion table

export const bucketStatements = {
  // #region take
  /**
   * Reads, decides and writes in one step, under the lock of the row. A refusal changes nothing.
   * No row: refused.
   */
  take: `
    insert into rate_limit as bucket (limiter, key, full_at)
    values ($1, $2, now() + $3::double precision * interval '1 millisecond')
    on conflict (limiter, key) do update
       set full_at = greatest(bucket.full_at, now()) + $3::double precision * interval '1 millisecond'
     where greatest(bucket.full_at, now()) + $3::double precision * interval '1 millisecond'
        <= now() + $4::double precision * interval '1 millisecond'
    returning full_at`,
  // #endregion take

  /** By the clock of the wall, which has gone on while a row was waited for. */
  missing: `
    select extract(epoch from full_at - clock_timestamp())::double precision * 1000 as "fullInMs"
      from rate_limit where limiter = $1 and key = $2`,

  /** A full bucket is the same as none. */
  forget: `delete from rate_limit where full_at <= now()`,
};

/** Each query in a transaction of its own: the lock of a row is held for one statement. */
export interface Database {
  query<Row>(text: string, parameters: readonly unknown[]): Promise<readonly Row[]>;
}

export interface SharedBucketOptions { name: string; capacity: number; refill: number; refillMs: number }

/** One token bucket a key for all instances of a service. What a `RateLimiter` decides, with the store's clock. */
export class SharedBucket {
  readonly #database: Database;
  readonly #options: SharedBucketOptions;

  constructor(database: Database, options: SharedBucketOptions) {
    this.#database = database;
    this.#options = options;
    for (const name of ['capacity', 'refill', 'refillMs'] as const) requirePositive(name, options[name]);
  }

  /** @throws RateLimitedError, or what the store throws: the caller decides whether calls go through without it */
  async take(key: string, cost = 1): Promise<void> {
    requirePositive('cost', cost);
    const { name, capacity, refill, refillMs } = this.#options;
    if (cost > capacity) throw new RateLimitedError(name, Infinity);
    const costMs = cost * refillMs / refill;
    const capacityMs = capacity * refillMs / refill;
    const taken = await this.#database.query(bucketStatements.take, [name, key, costMs, capacityMs]);
    if (taken.length > 0) return;
    // Only advice, so it need not be one step with the refusal.
    const [bucket] = await this.#database.query<{ fullInMs: number }>(bucketStatements.missing, [name, key]);
    throw new RateLimitedError(name, Math.max(0, (bucket?.fullInMs ?? 0) + costMs - capacityMs));
  }

  /** Deletes what has no meaning any more; call it now and then. */
  async forget(): Promise<void> {
    await this.#database.query(bucketStatements.forget, []);
  }
}
