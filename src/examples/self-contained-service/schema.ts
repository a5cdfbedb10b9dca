/** PostgreSQL 13 or later. Everything that is needed to answer stands here. */
// #region tables
export const copySchema = `
  -- Copies of what others own. A row that is gone stays, or a late message would bring it back.
  create table known (
    source  text not null,
    key     text not null,
    version bigint not null,
    body    jsonb,
    primary key (source, key)
  );
  -- Up to when a copy is complete: one row for each part of the channel that keeps order by itself.
  create table feed (
    source text not null,
    part   integer not null,
    -- Null: nobody has told yet.
    as_of  timestamptz,
    primary key (source, part)
  );
`;
export const orderSchema = `${copySchema}
  create table orders (
    id          text primary key,
    customer    text not null,
    sku         text not null,
    pieces      integer not null check (pieces > 0),
    -- What the customer was told, and by which version of the price.
    price_cents integer not null check (price_cents >= 0),
    price_version bigint not null,
    state       text not null default 'pending' check (state in ('pending', 'confirmed', 'rejected')),
    -- Who has to say yes, and who has.
    awaits      text[] not null,
    agreed      text[] not null default '{}',
    reason      text,
    placed_at   timestamptz not null default clock_timestamp()
  );
  create index orders_pending on orders (placed_at) where state = 'pending';
`;
// #endregion tables

const order = `id, state, (price_cents::bigint * pieces)::double precision as "totalCents", reason`;

export const statements = {
  learn: `
    insert into known (source, key, version, body) values ($1, $2, $3::bigint, $4::jsonb)
        on conflict (source, key) do update set version = excluded.version, body = excluded.body
           where known.version < excluded.version
    returning key`,

  openFeed: `
    insert into feed (source, part) select $1, part from generate_series(0, $2::integer - 1) as part
        on conflict do nothing`,
  /** Nobody can be complete beyond now: one beat from a clock far ahead would keep the copy young for as long. */
  heartbeat: `
    update feed set as_of = greatest(as_of, least($3::timestamptz, clock_timestamp())) where source = $1 and part = $2
    returning part`,

  /** Null while a part is missing; never negative, though the clock may be set back. */
  ages: `
    select source,
           case when bool_and(as_of is not null)
                then greatest(0, extract(epoch from clock_timestamp() - min(as_of)) * 1000)::double precision
           end as "ageMs"
      from feed group by source`,
  known: `select source, version::text, body from known where source = $1 and key = $2`,

  insert: `
    insert into orders (id, customer, sku, pieces, price_cents, price_version, awaits)
    values ($1, $2, $3, $4, $5, $6::bigint, $7::text[]) on conflict (id) do nothing
    returning ${order}`,
  read: `select ${order}, customer, sku, pieces from orders where id = $1`,
  lock: `select state, awaits, agreed from orders where id = $1 for update`,
  agree: `update orders set agreed = agreed || $2::text where id = $1`,
  confirm: `update orders set state = 'confirmed' where id = $1`,
  reject: `update orders set state = 'rejected', reason = $2 where id = $1`,
  overdue: `
    select id from orders
     where state = 'pending' and placed_at < clock_timestamp() - $1::double precision * interval '1 millisecond'
     order by placed_at limit $2 for update skip locked`,
} as const;
