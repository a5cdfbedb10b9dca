import type { CaseDesk, CaseStore, Claim, Entry, Overview } from './contract.ts';

/** PostgreSQL 13 or later. Every time comes from its clock, since those of the instances differ. */
export const caseSchema = `
  create table process_case (
    id          text primary key,
    -- With a version: a case keeps to the flow that it began with.
    definition  text not null,
    input       jsonb not null,
    -- running, parked, ended
    state       text not null default 'running',
    -- Nobody touches it before: a lease, a pause and a deadline are the same.
    due_at      timestamptz not null default clock_timestamp(),
    fence       integer not null default 0,
    wakes       integer not null default 0,
    leased      boolean not null default false,
    reason      text not null default '',
    started_at  timestamptz not null default clock_timestamp()
  );
  create index process_case_due on process_case (due_at) where state = 'running';
  create index process_case_open on process_case (started_at) where state <> 'ended';

  create table process_entry (
    case_id     text not null references process_case on delete cascade,
    place       integer not null,
    kind        text not null,
    name        text not null,
    state       text not null,
    attempts    integer not null,
    value       jsonb not null,
    due_at      timestamptz not null,
    primary key (case_id, place)
  );
  create table process_message (
    case_id     text not null references process_case on delete cascade,
    name        text not null,
    value       jsonb not null,
    primary key (case_id, name)
  );
`;

const after = (parameter: string): string => `clock_timestamp() + ${parameter}::double precision * interval '1 millisecond'`;

export const caseStatements = {
  create: `insert into process_case (id, definition, input) values ($1, $2, $3::jsonb) on conflict (id) do nothing returning id`,

  // #region claim
  /** Two instances never take the same case, and neither waits for the other. */
  claim: `
    update process_case
       set fence = fence + 1, leased = true, due_at = ${after('$2')}
     where id = (select id from process_case
                  where state = 'running' and due_at <= clock_timestamp() and definition = any($1)
                  order by due_at limit 1
                    for update skip locked)
    returning id, definition, input, fence, wakes`,
  // #endregion claim

  log: `
    select kind, name, state, attempts, value,
           extract(epoch from due_at - clock_timestamp())::double precision * 1000 as "leftMs"
      from process_entry where case_id = $1 order by place`,

  /** One statement: nobody writes into a case that was taken over between a look and a change. */
  write: `
    with held as (
      update process_case set due_at = ${after('$9')} where id = $1 and fence = $2 and leased returning id
    )
    insert into process_entry as known (case_id, place, kind, name, state, attempts, value, due_at)
    select id, $3, $4, $5, $6, $7, $8::jsonb, ${after('coalesce($10, 0)')} from held
    on conflict (case_id, place) do update
       set state = excluded.state, attempts = excluded.attempts, value = excluded.value
    returning place`,

  // #region rest
  /** A message that came while the flow was falling asleep has changed "wakes": then it is due at once. */
  rest: `
    update process_case
       set leased = false, reason = $4,
           due_at = case when wakes = $5 then ${after('$3')} else clock_timestamp() end
     where id = $1 and fence = $2 and leased
    returning id`,
  // #endregion rest

  close: `update process_case set leased = false, state = $3, reason = $4 where id = $1 and fence = $2 and leased returning id`,

  message: `select value from process_message where case_id = $1 and name = $2`,

  // #region deliver
  /** While an instance has the case in hand, only "wakes" tells it; else the case is due now. */
  deliver: `
    with woken as (
      update process_case
         set wakes = wakes + 1,
             due_at = case when leased then due_at else least(due_at, clock_timestamp()) end
       where id = $1 and state <> 'ended' and not exists (select from process_message where case_id = $1 and name = $2)
      returning id
    )
    insert into process_message (case_id, name, value)
    select id, $2, $3::jsonb from woken
    on conflict do nothing
    returning name`,
  // #endregion deliver

  resume: `
    with resumed as (
      update process_case set state = 'running', reason = '', due_at = clock_timestamp() where id = $1 and state = 'parked' returning id
    ), forgotten as (
      delete from process_entry
       where case_id = (select id from resumed) and state = 'gave up'
         and place = (select max(place) from process_entry where case_id = $1)
    )
    select id from resumed`,

  open: `
    select id, definition, state, reason,
           coalesce((select name from process_entry where case_id = id order by place desc limit 1), '') as at,
           extract(epoch from clock_timestamp() - started_at)::double precision * 1000 as "ageMs"
      from process_case where state <> 'ended' order by started_at limit $1`,
};

/** Each query is a transaction of its own: no lock is held while a service works. */
export interface Database {
  query<Row>(text: string, parameters: readonly unknown[]): Promise<readonly Row[]>;
}

/** Cases in three tables, for all instances. */
export class PostgresStore implements CaseStore, CaseDesk {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  create(id: string, definition: string, input: unknown): Promise<boolean> {
    return this.#some(caseStatements.create, [id, definition, json(input)]);
  }

  async claim(definitions: readonly string[], leaseMs: number): Promise<Claim | undefined> {
    const [claimed] = await this.#database.query<Omit<Claim, 'log'>>(caseStatements.claim, [definitions, leaseMs]);
    return claimed && { ...claimed, log: await this.#database.query<Entry>(caseStatements.log, [claimed.id]) };
  }

  write({ id, fence }: Claim, place: number, { kind, name, state, attempts, value, withinMs }: Parameters<CaseStore['write']>[2], leaseMs: number): Promise<boolean> {
    return this.#some(caseStatements.write, [id, fence, place, kind, name, state, attempts, json(value), leaseMs, withinMs ?? null]);
  }

  rest({ id, fence, wakes }: Claim, delayMs: number, reason: string): Promise<boolean> {
    return this.#some(caseStatements.rest, [id, fence, delayMs, reason, wakes]);
  }

  close({ id, fence }: Claim, state: 'ended' | 'parked', reason: string): Promise<boolean> {
    return this.#some(caseStatements.close, [id, fence, state, reason]);
  }

  async message(id: string, name: string): Promise<{ readonly value: unknown } | undefined> {
    return (await this.#database.query<{ value: unknown }>(caseStatements.message, [id, name]))[0];
  }

  deliver(id: string, name: string, value: unknown): Promise<boolean> {
    return this.#some(caseStatements.deliver, [id, name, json(value)]);
  }

  resume(id: string): Promise<boolean> {
    return this.#some(caseStatements.resume, [id]);
  }

  open(most: number): Promise<readonly Overview[]> {
    return this.#database.query<Overview>(caseStatements.open, [most]);
  }

  async #some(text: string, parameters: readonly unknown[]): Promise<boolean> {
    return (await this.#database.query(text, parameters)).length > 0;
  }
}

function json(value: unknown): string {
  return JSON.stringify(value ?? null);
}
