/** PostgreSQL 13 or later. Both sides in one database; with two, the second half stands in the other. */
export const writeSchema = `
  create table orders (
    id       text primary key,
    customer text not null,
    cents    integer not null check (cents > 0),
    status   text not null check (status in ('placed', 'shipped', 'cancelled'))
  );
  create index orders_of_customer on orders (customer);

  create table changes (
    -- Drawn under a lock that is held until the commit, so in the order of the commits.
    -- A rollback leaves a hole, which nothing fills later. Keep CACHE 1, the default.
    position    bigint generated always as identity primary key,
    type        text not null,
    data        jsonb not null,
    recorded_at timestamptz not null default clock_timestamp()
  );
`;

export const readSchema = `
  -- How far each copy of a view has come: the checkpoint.
  create table projections (
    name     text primary key,
    position bigint not null
  );
  -- Which copy answers the queries.
  create table serving (
    view       text primary key,
    projection text not null references projections
  );
  -- The shape of a page: one row to read, no join, no sum.
  create table customer_overview (
    projection text not null references projections on delete cascade,
    customer   text not null,
    orders     integer not null,
    open       integer not null,
    cents      bigint not null,
    primary key (projection, customer)
  );
`;

export const statements = {
  placeOrder: `insert into orders values ($1, $2, $3, 'placed') on conflict (id) do nothing returning id`,
  closeOrder: `update orders set status = $2 where id = $1 and status = 'placed' returning customer, cents`,
  order: `select customer, cents, status from orders where id = $1`,

  /** The lock makes commits queue from here to their end. Whoever takes other locks takes them before. */
  record: `
    with turn as materialized (select pg_advisory_xact_lock(hashtextextended('changes', 0)))
    insert into changes (type, data) select $1, $2::jsonb from turn
    returning position::double precision as position`,
  head: `select coalesce(max(position), 0)::double precision as position from changes`,
  changes: `
    select position::double precision as position, type, data
      from changes
     where position > $1::bigint
     order by changes.position
     limit $2`,

  begin: `insert into projections values ($1, 0) on conflict (name) do nothing`,
  /** Whoever holds the row has the turn. A lost connection frees it, together with all that was not committed. */
  takeTurn: `select position::double precision as position from projections where name = $1 for update skip locked`,
  moveTo: `update projections set position = $2::bigint where name = $1`,

  addToOverview: `
    insert into customer_overview values ($1, $2, $3, $4, $5)
        on conflict (projection, customer) do update
       set orders = customer_overview.orders + excluded.orders,
           open = customer_overview.open + excluded.open,
           cents = customer_overview.cents + excluded.cents`,
  /** Row and checkpoint in one snapshot. */
  overview: `
    select position::double precision as position, coalesce(orders, 0) as orders, coalesce(open, 0) as open,
           coalesce(cents, 0)::double precision as cents
      from serving
      join projections on name = serving.projection
      left join customer_overview on customer_overview.projection = name and customer = $2
     where view = $1`,
  /** The same question to the write side. */
  overviewOfOrders: `
    select count(*)::integer as orders, (count(*) filter (where status = 'placed'))::integer as open,
           coalesce(sum(cents) filter (where status <> 'cancelled'), 0)::double precision as cents
      from orders
     where customer = $1`,
} as const;
