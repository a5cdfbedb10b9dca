/** PostgreSQL 13 or later. Every time comes from the database: one clock for all instances. */
export const sagaSchema = `
  create table saga (
    id          text primary key,
    definition  text not null,
    input       jsonb not null,
    -- running, compensating, completed, compensated
    state       text not null default 'running',
    -- Grows with each claim; whoever writes with an older one has lost the saga.
    fence       integer not null default 0,
    -- Nobody touches it before: a lease and a pause are the same. Null: ended, or parked.
    due_at      timestamptz default now(),
    -- Of the command that is on its way.
    attempts    integer not null default 0,
    -- The latest trouble: why it turned back, waits or is parked.
    reason      text,
    started_at  timestamptz not null default now(),
    ended_at    timestamptz
  );
  create index saga_due on saga (due_at) where due_at is not null;
  create index saga_open on saga (started_at) where ended_at is null;
  create index saga_ended on saga (ended_at) where ended_at is not null;

  create table saga_step (
    saga        text not null references saga on delete cascade,
    step        text not null,
    -- sent, done, refused, undoing, undone
    state       text not null,
    result      jsonb,
    logged_at   timestamptz not null default clock_timestamp(),
    primary key (saga, step)
  );
`;
/** In the database of each participant. */
export const participantSchema = `
  create table step_taken (
    key         text primary key,
    -- done, refused, undone. Undone without having been done: a tombstone.
    state       text not null,
    result      jsonb,
    taken_at    timestamptz not null default now()
  );
  create index step_taken_age on step_taken (taken_at);
`;

export const statements = {
  start: `insert into saga (id, definition, input) values ($1, $2, $3::jsonb) on conflict (id) do nothing returning id`,

  // #region claim
  /** One saga that is due, or the one asked for. Skipping locked rows is right: sagas need no order among each other. */
  claim: `
    update saga
       set fence = fence + 1, due_at = now() + $3::double precision * interval '1 millisecond'
     where id = (select id from saga
                  where definition = $1 and id = coalesce($2, id) and due_at <= now()
                  order by due_at limit 1
                    for update skip locked)
    returning id, input, state, fence, attempts, reason`,
  // #endregion claim

  steps: `select step, state, result from saga_step where saga = $1`,

  /** No row: another instance has claimed it since. Null for the delay: nobody is to go on by themselves. */
  hold: `
    update saga
       set state = $3, attempts = $4, reason = $5, due_at = now() + $6::double precision * interval '1 millisecond',
           ended_at = case when $3 in ('completed', 'compensated') then now() end
     where id = $1 and fence = $2
    returning id`,

  log: `
    insert into saga_step as known (saga, step, state, result) values ($1, $2, $3, $4::jsonb)
    on conflict (saga, step) do update
       set state = excluded.state, result = coalesce(excluded.result, known.result), logged_at = excluded.logged_at`,
} as const;

export const participantStatements = {
  /** Waits for a transaction that has the same key in hand. No row: the key is known. */
  take: `insert into step_taken (key, state) values ($1, $2) on conflict (key) do nothing returning key`,
  lookUp: `select state, result from step_taken where key = $1`,
  answer: `update step_taken set state = $2, result = $3::jsonb where key = $1`,
  undo: `update step_taken set state = 'undone' where key = $1 and state <> 'undone' returning key`,
} as const;
