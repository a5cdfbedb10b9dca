/** PostgreSQL 13 or later. The relay trusts nothing but this table. */
// #region table
export const outboxSchema = `
  create table outbox (
    -- Order within a key. Keep CACHE 1, the default of sequences:
    -- blocks of cached numbers break the order between sessions.
    id           bigint generated always as identity primary key,
    -- By this a consumer recognises a second copy.
    message      uuid not null default gen_random_uuid(),
    -- What the event is about, such as one order.
    key          text not null,
    type         text not null,
    payload      jsonb not null,
    -- For example the traceparent of the request, so that its trace goes on behind the broker.
    headers      jsonb not null,
    recorded_at  timestamptz not null default clock_timestamp(),
    -- Null: still to be published.
    published_at timestamptz,
    attempts     integer not null default 0,
    -- Why a person has to look at it.
    parked       text
  );
  create index outbox_pending on outbox (id) where published_at is null;
  create index outbox_parked on outbox (key, id) where parked is not null;
  create index outbox_done on outbox (published_at) where published_at is not null;
`;
// #endregion table

// #region statements
export const statements = {
  record: `insert into outbox (key, type, payload, headers) values ($1, $2, $3::jsonb, $4::jsonb) returning message`,

  /** Freed by commit, rollback and a lost connection, so a crashed relay never holds up the next one. */
  takeTurn: `select pg_try_advisory_xact_lock(hashtextextended('outbox relay', 0)) as mine`,

  /** A parked event holds back the later ones of its key, and of no other. */
  pending: `
    select id::text, message, key, type, payload, headers, attempts
      from outbox
     where published_at is null and parked is null and key <> all ($2::text[])
       and not exists (select 1 from outbox earlier
                        where earlier.parked is not null and earlier.key = outbox.key and earlier.id < outbox.id)
     order by outbox.id
     limit $1`,

  markPublished: `update outbox set published_at = clock_timestamp() where id = $1::bigint`,
  markFailed: `update outbox set attempts = attempts + 1, parked = $2 where id = $1::bigint`,
  release: `update outbox set attempts = 0, parked = null where id = $1::bigint and parked is not null returning id`,

  forget: `
    delete from outbox where id in (
      select id from outbox
       where published_at < clock_timestamp() - $1::double precision * interval '1 millisecond'
       limit $2)
    returning id`,

  backlog: `
    select count(*) filter (where parked is null)::integer as pending,
           count(*) filter (where parked is not null)::integer as parked,
           coalesce(extract(epoch from clock_timestamp() - min(recorded_at)) * 1000, 0)::double precision as "oldestMs"
      from outbox
     where published_at is null`,
} as const;
// #endregion statements
