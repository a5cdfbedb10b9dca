/** PostgreSQL 13 or later, in the database of the effects. */
// #region table
export const inboxSchema = `
  create table inbox (
    -- Each consumer keeps its own memory.
    consumer   text not null,
    message    text not null,
    handled_at timestamptz not null default now(),
    primary key (consumer, message)
  );
  create index inbox_age on inbox (consumer, handled_at);
`;
// #endregion table

export const statements = {
  // #region admit
  /**
   * Remembers the message, in the transaction of its effect. A copy that comes at the same moment waits
   * here until the first has committed (then it is no longer new) or rolled back (then it is).
   * Age counts when that is settled, not from `begin`: the id may have been forgotten in between.
   */
  admit: `
    with entry as (
      insert into inbox (consumer, message) values ($1, $2)
      on conflict do nothing returning message
    )
    select count(*) = 1 as "isNew",
           clock_timestamp() - $3::timestamptz <= $4::double precision * interval '1 millisecond'
             and $3::timestamptz - now() <= $5::double precision * interval '1 millisecond' as "isInTime"
      from entry`,
  // #endregion admit

  // #region forget
  /** Later than messages become too old to be admitted, by as much as clocks may be off. */
  forget: `
    delete from inbox where (consumer, message) in (
      select consumer, message from inbox
       where consumer = $1
         and handled_at < now() - $2::double precision * interval '1 millisecond'
       limit $3)
    returning message`,
  // #endregion forget
} as const;
