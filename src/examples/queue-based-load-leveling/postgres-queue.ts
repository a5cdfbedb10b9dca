import type { Backlog, QueueStore, Taken } from './contract.ts';

/** PostgreSQL 13 or later. Its clock counts, since those of the workers differ. */
// #region table
export const backlogSchema = `
  create table backlog (
    id           text primary key,
    body         jsonb not null,
    accepted_at  timestamptz not null default clock_timestamp(),
    free_at      timestamptz not null default clock_timestamp(),
    deliveries   integer not null default 0,
    set_aside    text
  );
  create index backlog_waiting on backlog (accepted_at) where set_aside is null;
`;
// #endregion table

export const backlogStatements = {
  // #region put
  /** The bound is soft: callers who ask in the same moment may each find the last place. */
  put: `
    with room as (
      select count(*) < $3 as "hasRoom"
        from (select from backlog where set_aside is null limit $3) as counted
    ), stored as (
      insert into backlog (id, body)
      select $1, $2::jsonb from room where "hasRoom"
      on conflict (id) do nothing
      returning id
    )
    select "hasRoom", exists (select from stored) as "isStored" from room`,
  // #endregion put

  known: `select id from backlog where id = $1`,

  // #region take
  /** Two workers never take the same row, and neither waits for the other. */
  take: `
    update backlog
       set deliveries = deliveries + 1,
           free_at = clock_timestamp() + $1 * interval '1 millisecond'
     where id = (select id from backlog
                  where set_aside is null and free_at <= clock_timestamp()
                  order by accepted_at
                  limit 1
                  for update skip locked)
    returning id, body, deliveries,
              extract(epoch from clock_timestamp() - accepted_at)::double precision * 1000 as "ageMs"`,
  // #endregion take

  remove: `delete from backlog where id = $1 and deliveries = $2 and set_aside is null returning id`,
  giveBack: `update backlog set free_at = clock_timestamp() + $3 * interval '1 millisecond' where id = $1 and deliveries = $2 and set_aside is null returning id`,
  setAside: `update backlog set set_aside = $3 where id = $1 and deliveries = $2 and set_aside is null returning id`,

  backlog: `
    select count(*)::integer as waiting,
           coalesce(extract(epoch from clock_timestamp() - min(accepted_at)), 0)::double precision * 1000 as "oldestMs"
      from backlog where set_aside is null`,
};

/** Each query is a transaction of its own: no lock is held while a message is worked on. */
export interface Database {
  query<Row>(text: string, parameters: readonly unknown[]): Promise<readonly Row[]>;
}

/** One queue in one table, for all instances of callers and workers. */
export class PostgresQueue<Body> implements QueueStore<Body> {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async put(id: string, body: Body, places: number): Promise<'stored' | 'known' | 'full'> {
    const [outcome] = await this.#database.query<{ hasRoom: boolean; isStored: boolean }>(backlogStatements.put, [id, JSON.stringify(body), places]);
    if (outcome?.isStored) return 'stored';
    // With room for it only the id was in the way, even if its message is done and gone by now.
    return outcome?.hasRoom || await this.#some(backlogStatements.known, [id]) ? 'known' : 'full';
  }

  async take(leaseMs: number): Promise<Taken<Body> | undefined> {
    const [taken] = await this.#database.query<Taken<Body>>(backlogStatements.take, [leaseMs]);
    return taken;
  }

  remove({ id, deliveries }: Taken<Body>): Promise<boolean> {
    return this.#some(backlogStatements.remove, [id, deliveries]);
  }

  giveBack({ id, deliveries }: Taken<Body>, delayMs: number): Promise<boolean> {
    return this.#some(backlogStatements.giveBack, [id, deliveries, delayMs]);
  }

  setAside({ id, deliveries }: Taken<Body>, reason: string): Promise<boolean> {
    return this.#some(backlogStatements.setAside, [id, deliveries, reason]);
  }

  async backlog(): Promise<Backlog> {
    const [backlog] = await this.#database.query<Backlog>(backlogStatements.backlog, []);
    return { waiting: 0, oldestMs: 0, ...backlog };
  }

  async #some(text: string, parameters: readonly unknown[]): Promise<boolean> {
    return (await this.#database.query(text, parameters)).length > 0;
  }
}
