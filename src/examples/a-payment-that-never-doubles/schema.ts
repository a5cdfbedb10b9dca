/** PostgreSQL 13 or later: three services, three databases. *Payments* has the tables of its two patterns beside its own. */

export const ordersSchema = `
  create table orders (
    id          text primary key,
    customer    text not null,
    cents       integer not null check (cents > 0),
    -- Of the payment of this order. Drawn with the order, so that it is stored before anybody can ask for money.
    payment_key uuid not null default gen_random_uuid(),
    state       text not null default 'placed' check (state in ('placed', 'paid', 'refused')),
    placed_at   timestamptz not null default now()
  );
  create index orders_unsettled on orders (placed_at) where state = 'placed';
`;

export const paymentsSchema = `
  create table payment (
    order_id text not null,
    customer text not null,
    cents    integer not null
  );
`;

// #region inbox
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
// #endregion inbox

/** What a customer has spent: an effect that adds, and so must not happen twice. */
export const accountsSchema = `
  create table account (
    customer    text primary key,
    spent_cents integer not null
  );
`;

export const statements = {
  placeOrder: `insert into orders (id, customer, cents) values ($1, $2, $3)`,
  order: `select id as order, customer, cents, payment_key as key, state from orders where id = $1`,
  settleOrder: `update orders set state = $2 where id = $1 and state = 'placed'`,
  unsettledOrders: `
    select id from orders
     where state = 'placed' and placed_at <= now() - $1::double precision * interval '1 millisecond'
     order by placed_at limit $2`,

  insertPayment: `insert into payment (order_id, customer, cents) values ($1, $2, $3)`,

  /** A copy that comes at the same moment waits here until the first one has committed or rolled back. */
  remember: `insert into inbox (consumer, message) values ($1, $2) on conflict do nothing returning message`,
  forgetHandled: `
    delete from inbox where (consumer, message) in (
      select consumer, message from inbox
       where handled_at < now() - $1::double precision * interval '1 millisecond'
       limit $2)
    returning message`,
  book: `
    insert into account (customer, spent_cents) values ($1, $2)
    on conflict (customer) do update set spent_cents = account.spent_cents + excluded.spent_cents`,
} as const;
