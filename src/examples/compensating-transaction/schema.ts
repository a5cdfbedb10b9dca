/** PostgreSQL 13 or later, in the database of whoever began. Every time is the database's: one clock for all instances. */
export const undoSchema = `
  create table work (
    id        text primary key,
    -- open, kept, sealed, undoing, undone
    state     text not null default 'open',
    -- Open: its deadline. Undoing: nobody else touches it before. Null: nothing to do, or parked.
    due_at    timestamptz,
    -- Grows with each claim; whoever writes with an older one has lost the work.
    fence     integer not null default 0,
    -- Of the undo that is under way.
    attempts  integer not null default 0,
    -- Why the work turned back.
    reason    text,
    -- What the last try to take it back ran into.
    trouble   text,
    begun_at  timestamptz not null default now()
  );
  create index work_due on work (due_at) where due_at is not null;

  create table undo_step (
    work      text not null references work on delete cascade,
    step      text not null,
    position  bigint generated always as identity,
    -- What the undo needs to know; written before the step, so it cannot hold an answer.
    details   jsonb not null,
    undone_at timestamptz,
    -- How a person has settled it instead.
    settled   text,
    primary key (work, step)
  );
`;

export const statements = {
  begin: `insert into work (id, due_at) values ($1, now() + $2::double precision * interval '1 millisecond') on conflict (id) do nothing`,

  // #region arm
  /** The lock keeps the work from turning back between the look at its state and the commit of the line. */
  arm: `
    with alive as (select id from work where id = $1 and state = 'open' for update)
    insert into undo_step (work, step, details)
    select id, $2, $3::jsonb from alive
    on conflict (work, step) do update set step = excluded.step
    returning step`,
  // #endregion arm

  keep: `update work set state = $2, due_at = null where id = $1 and state in ('open', 'kept') returning id`,
  takeBack: `update work set state = 'undoing', due_at = now(), reason = $2 where id = $1 and state in ('open', 'kept') returning id`,

  /** What is due, abandoned work included: its deadline is its due time. */
  claim: `
    with due as (select id, state from work where due_at <= now() order by due_at limit 1 for update skip locked)
    update work
       set state = 'undoing', fence = fence + 1, attempts = attempts + 1,
           reason = coalesce(reason, 'abandoned'), due_at = now() + $1::double precision * interval '1 millisecond'
      from due
     where work.id = due.id
    returning work.id, fence, attempts, due.state = 'open' as "wasOpen"`,
  remaining: `select step, details from undo_step where work = $1 and undone_at is null order by position desc`,
  /** No row: another worker has claimed it since. */
  hold: `
    update work
       set state = $3, attempts = $4, due_at = now() + $5::double precision * interval '1 millisecond', trouble = coalesce($6, trouble)
     where id = $1 and fence = $2
    returning id`,
  mark: `update undo_step set undone_at = now() where work = $1 and step = $2`,
} as const;
