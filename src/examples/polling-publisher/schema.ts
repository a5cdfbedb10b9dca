/** On the outbox table of the transactional-outbox example. PostgreSQL 13 or later. */
// #region claims
export const claimSchema = `
  -- Nobody takes the event before this time: a claim and a failure both move it.
  alter table outbox add column due_at timestamptz not null default '-infinity';
  create index outbox_heads on outbox (key, id) where published_at is null;
`;
// #endregion claims

// #region statements
export const statements = {
  /**
   * Only the first unpublished event of each key. What makes a row fit does not change back,
   * so it does no harm that a row which somebody has just let go is checked against an older snapshot.
   * `= (... limit 1)` is looked up in the index for each row; `not exists` may become one join of all waiting events.
   */
  claim: `
    with due as (
      select id from outbox
       where published_at is null and parked is null and due_at <= clock_timestamp()
         and id = (select head.id from outbox head
                    where head.published_at is null and head.key = outbox.key
                    order by head.id limit 1)
       order by id limit $1
         for update skip locked)
    update outbox
       set attempts = attempts + 1, due_at = clock_timestamp() + $2::double precision * interval '1 millisecond'
      from due where outbox.id = due.id
    returning outbox.id::text, message, key, type, payload, headers, attempts`,

  /** Without a condition on the claim: what the broker has confirmed is published, whoever holds it now. */
  confirm: `update outbox set published_at = clock_timestamp(), parked = null where id = any ($1::bigint[]) and published_at is null`,

  /** By the number of attempts it knows whether the claim is still its own. */
  putBack: `
    update outbox set due_at = clock_timestamp() + $3::double precision * interval '1 millisecond', parked = $4
     where id = $1::bigint and attempts = $2 and published_at is null`,
  // #endregion statements

  /** As many do it, and what loses events. By `outbox.id`, since plain `id` would sort the text. */
  after: `select id::text, message, key, type, payload, headers, attempts from outbox where id > $1::bigint order by outbox.id limit $2`,
} as const;
