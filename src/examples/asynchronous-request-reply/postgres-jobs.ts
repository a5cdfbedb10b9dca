import type { Job, JobStore } from './contract.ts';

/** PostgreSQL 13 or later. Its clock counts, since those of the API and of the workers differ. */
export const jobSchema = `
  create table job (
    id           text primary key,
    owner        text not null,
    key          text not null,
    state        text not null default 'queued',
    input        jsonb not null,
    outcome      jsonb,
    progress     double precision not null default 0,
    attempts     integer not null default 0,
    accepted_at  timestamptz not null default clock_timestamp(),
    started_at   timestamptz,
    changed_at   timestamptz not null default clock_timestamp(),
    -- Until then a worker has it.
    free_at      timestamptz not null default clock_timestamp(),
    place        bigint generated always as identity,
    -- A key lives as long as its job.
    unique (owner, key)
  );
  create index job_open on job (place) where state in ('queued', 'running');
  create index job_ended on job (changed_at) where state not in ('queued', 'running');
`;

const isOpen = `state in ('queued', 'running')`;
const since = (column: string): string => `extract(epoch from clock_timestamp() - ${column})::double precision * 1000`;
const ms = (parameter: string): string => `${parameter}::double precision * interval '1 millisecond'`;
const seen = `id, owner, state, input, outcome, progress, attempts, ${since('accepted_at')} as "ageMs", coalesce(${since('started_at')}, 0) as "runMs", ${since('changed_at')} as "quietMs"`;

export const jobStatements = {
  known: `select ${seen}, input = $3::jsonb as "isSame" from job where owner = $1 and key = $2`,

  // #region store
  /** Two requests with one key: the second waits for the first, and stores nothing. The bound is soft: callers of the same moment may each find the last place. */
  store: `
    insert into job (id, owner, key, input)
    select $1, $2, $3, $4::jsonb
     where (select count(*) from (select from job where ${isOpen} limit $5) as counted) < $5
    on conflict (owner, key) do nothing
    returning ${seen}`,
  // #endregion store

  find: `select ${seen} from job where id = $1`,
  ahead: `select count(*)::integer as ahead from job where ${isOpen} and place < (select place from job where id = $1)`,

  /** Two workers never take the same job, and neither waits for the other. */
  take: `
    update job
       set state = 'running', attempts = attempts + 1, free_at = clock_timestamp() + ${ms('$1')},
           started_at = clock_timestamp(), changed_at = clock_timestamp()
     where id = (select id from job
                  where ${isOpen} and free_at <= clock_timestamp()
                  order by place limit 1
                    for update skip locked)
    returning ${seen}`,

  renew: `update job set free_at = clock_timestamp() + ${ms('$3')}, progress = $4, changed_at = clock_timestamp() where id = $1 and attempts = $2 and ${isOpen} returning id`,
  finish: `update job set state = $3, outcome = $4::jsonb, changed_at = clock_timestamp() where id = $1 and attempts = $2 and ${isOpen} returning id`,
  cancel: `update job set state = 'cancelled', changed_at = clock_timestamp() where id = $1 and ${isOpen} returning id`,
  forget: `delete from job where state not in ('queued', 'running') and changed_at <= clock_timestamp() - ${ms('$1')}`,
  expire: `update job set state = 'expired', outcome = null where state = 'succeeded' and changed_at <= clock_timestamp() - ${ms('$1')}`,
};

/** Each query is a transaction of its own: no lock is held while a worker works. */
export interface Database {
  query<Row>(text: string, parameters: readonly unknown[]): Promise<readonly Row[]>;
}

/** Jobs in one table, for all instances of the API and all workers. */
export class PostgresJobs implements JobStore {
  readonly #database: Database;
  readonly #newId: () => string;

  /** @param newId must not be guessed: whoever knows an address could ask */
  constructor(database: Database, newId: () => string = () => crypto.randomUUID()) {
    this.#database = database;
    this.#newId = newId;
  }

  async submit(owner: string, key: string, input: unknown, places: number) {
    const before = await this.#known(owner, key, input);
    if (before !== undefined) return before;
    const [job] = await this.#database.query<Job>(jobStatements.store, [this.#newId(), owner, key, json(input), places]);
    if (job !== undefined) return { outcome: 'stored' as const, job };
    return await this.#known(owner, key, input) ?? { outcome: 'full' as const };
  }

  async find(id: string): Promise<Job | undefined> {
    return (await this.#database.query<Job>(jobStatements.find, [id]))[0];
  }

  async ahead({ id }: Job): Promise<number> {
    return (await this.#database.query<{ ahead: number }>(jobStatements.ahead, [id]))[0]!.ahead;
  }

  async take(leaseMs: number): Promise<Job | undefined> {
    return (await this.#database.query<Job>(jobStatements.take, [leaseMs]))[0];
  }

  renew({ id, attempts }: Job, leaseMs: number, progress: number): Promise<boolean> {
    return this.#some(jobStatements.renew, [id, attempts, leaseMs, progress]);
  }

  finish({ id, attempts }: Job, state: 'succeeded' | 'failed', outcome: unknown): Promise<boolean> {
    return this.#some(jobStatements.finish, [id, attempts, state, json(outcome)]);
  }

  cancel(id: string): Promise<boolean> {
    return this.#some(jobStatements.cancel, [id]);
  }

  async sweep(resultMs: number, forgetMs: number): Promise<void> {
    await this.#database.query(jobStatements.forget, [forgetMs]);
    await this.#database.query(jobStatements.expire, [resultMs]);
  }

  async #known(owner: string, key: string, input: unknown) {
    const [found] = await this.#database.query<Job & { isSame: boolean }>(jobStatements.known, [owner, key, json(input)]);
    if (found === undefined) return undefined;
    const { isSame, ...job } = found;
    return isSame ? { outcome: 'known' as const, job } : { outcome: 'differs' as const };
  }

  async #some(text: string, parameters: readonly unknown[]): Promise<boolean> {
    return (await this.#database.query(text, parameters)).length > 0;
  }
}

function json(value: unknown): string {
  return JSON.stringify(value ?? null);
}
