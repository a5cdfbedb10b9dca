/** PostgreSQL 13 or later. */
// #region table
export const eventSchema = `
  create table events (
    stream      text not null,
    version     integer not null check (version > 0),
    type        text not null,
    -- The shape of "data" when it was written; upcasters lead from each to the next.
    schema      integer not null,
    data        jsonb not null,
    -- Who and by which request: not for the state.
    metadata    jsonb not null,
    recorded_at timestamptz not null default clock_timestamp(),
    -- For the feed over all streams. Positions are handed out before the commit,
    -- so their order is not the order in which events become visible.
    position    bigint generated always as identity,
    transaction xid8 not null default pg_current_xact_id(),
    -- Two writers cannot both add the same version, whatever their code does.
    primary key (stream, version)
  );
  create unique index events_feed on events (transaction, position);

  create function refuse_change() returns trigger language plpgsql as
    $$ begin raise exception 'events are final: append a correction'; end $$;
  create trigger events_are_final before update or delete or truncate on events
    for each statement execute function refuse_change();

  -- A cache: emptying it costs time, never truth.
  create table snapshots (
    stream  text not null,
    model   text not null,
    version integer not null,
    state   jsonb not null,
    primary key (stream, model),
    foreign key (stream, version) references events (stream, version)
  );
`;
// #endregion table

// #region statements
export const statements = {
  /** No row for a version that is taken, and none at all unless the stream ends where the decision saw it end. */
  append: `
    insert into events (stream, version, type, schema, data, metadata)
    select $1, $2::integer + event.number, event.type, event.schema, event.data, $4::jsonb
      from rows from (jsonb_to_recordset($3::jsonb) as (type text, schema integer, data jsonb))
           with ordinality as event (type, schema, data, number)
     where $2::integer = (select coalesce(max(version), 0) from events where stream = $1)
     order by event.number
        on conflict (stream, version) do nothing
    returning version`,

  read: `
    select version, type, schema, data
      from events
     where stream = $1 and version > $2 and version <= $3
     order by version
     limit $4`,

  snapshot: `select version, state from snapshots where stream = $1 and model = $2`,

  /** A slow writer does not put an older state in the place of a newer one. */
  keepSnapshot: `
    insert into snapshots values ($1, $2, $3, $4::jsonb)
        on conflict (stream, model) do update set version = excluded.version, state = excluded.state
     where snapshots.version < excluded.version`,
} as const;
// #endregion statements
