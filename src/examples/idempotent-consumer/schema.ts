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
  create index inbox_age on inbox (handled_at);
`;
// #endregion table

export const statements = {
  // #region admit
  /**
   * Remembers the message, in the transaction of its effect. A copy that comes at the same moment waits
   * here until the first has committed (then it is no longer new) or rolled back (then it is).
   */
  admit: `
    with age as (
      select now() - $3::timestamptz as age,
             $4::double precision * interval '1 millisecond' as oldest,
             $5::double precision * interval '1 millisecond' as skew
    ), entry as (
      insert into inbox (consumer, message)
      select $1, $2 from age where age between -skew and oldest
      on conflict do nothing returning message
    )
    select age between -skew and oldest as "isInTime",
           exists (select from entry) as "isNew" from age`,
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
