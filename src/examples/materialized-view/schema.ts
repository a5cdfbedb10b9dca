/** PostgreSQL 13 or later. */
export const listSchema = `
  -- Each copy of the view gets all changes; one of them answers.
  create table copies (
    name   text primary key,
    filled boolean not null default false
  );
  create table serving (
    view text primary key,
    copy text not null references copies
  );
  -- Up to when a source has told everything.
  create table heard (
    source text primary key,
    as_of  timestamptz not null
  );
  create table customer_names (
    copy    text not null references copies on delete cascade,
    id      text not null,
    version bigint not null,
    name    text,
    primary key (copy, id)
  );
  -- The shape of the query. What is gone stays as a line without content, or a late change would bring it back.
  create table order_list (
    copy     text not null references copies on delete cascade,
    id       text not null,
    version  bigint not null,
    customer text,
    name     text,
    cents    integer,
    gone     boolean not null,
    primary key (copy, id)
  );
  create index order_list_by_name on order_list (copy, coalesce(name, ''), id) where not gone;
  create index order_list_of_customer on order_list (copy, customer);
`;

/** In `$1` stands the name of the one copy to fill, or null for all. In the same order for everybody, or two would block each other. */
const into = `from copies where $1::text is null or copies.name = $1 order by copies.name`;

export const statements = {
  // #region join
  /** So that there is a row to lock, also of a customer of whom nobody has told yet. */
  meet: `
    insert into customer_names (copy, id, version) select copies.name, $2, -1 ${into}
        on conflict (copy, id) do nothing`,
  /** Waits for a name that is being written, and reads it then; keeps the lock until the order is committed. */
  order: `
    insert into order_list (copy, id, version, customer, name, cents, gone)
    select copy, $2, $3::bigint, customer_names.id, name, $5::integer, false
      from customer_names where id = $4 and ($1::text is null or copy = $1) order by copy for update
        on conflict (copy, id) do update
       set version = excluded.version, customer = excluded.customer, name = excluded.name, cents = excluded.cents, gone = false
     where order_list.version < excluded.version`,
  customer: `
    insert into customer_names (copy, id, version, name) select copies.name, $2, $3::bigint, $4 ${into}
        on conflict (copy, id) do update set version = excluded.version, name = excluded.name
     where customer_names.version < excluded.version`,
  /** A statement of its own: it sees the orders that were committed while the one before waited for its lock. */
  rename: `
    update order_list set name = customer_names.name from customer_names
     where customer_names.id = $2 and ($1::text is null or customer_names.copy = $1)
       and order_list.copy = customer_names.copy and order_list.customer = customer_names.id
       and order_list.name is distinct from customer_names.name`,
  // #endregion join
  orderGone: `
    insert into order_list (copy, id, version, gone) select copies.name, $2, $3::bigint, true ${into}
        on conflict (copy, id) do update set version = excluded.version, customer = null, name = null, cents = null, gone = true
     where order_list.version < excluded.version`,

  /** Nobody can be complete beyond now: a clock far ahead would keep the view young for as long. */
  heard: `
    insert into heard values ($1, least($2::timestamptz, clock_timestamp()))
        on conflict (source) do update set as_of = greatest(heard.as_of, excluded.as_of)`,

  begin: `insert into copies (name) values ($1) on conflict (name) do nothing`,
  filled: `update copies set filled = true where name = $1 returning name`,
  serve: `
    insert into serving select 'order list', name from copies where name = $1 and filled
        on conflict (view) do update set copy = excluded.copy
    returning copy`,
  forget: `delete from copies where name = $1`,

  /** Rows and ages in one statement, so in one snapshot. By name, then by id, behind the last one that was shown. */
  page: `
    select (select coalesce(json_object_agg(source, greatest(0, extract(epoch from clock_timestamp() - as_of) * 1000)), '{}') from heard) as "ageMs",
           (select coalesce(json_agg(row_to_json(line)), '[]')
              from (select id, customer, name, cents from order_list
                     where order_list.copy = serving.copy and not gone and (coalesce(name, ''), id) > ($1, $2)
                     order by coalesce(name, ''), id limit $3::integer) line) as orders
      from serving where view = 'order list'`,
} as const;
