export const tables = `
create schema orders;
create table orders.placed (
  id integer generated always as identity primary key,
  customer text not null,
  total_cents integer not null
);
create table orders.line (
  order_id integer not null references orders.placed,
  sku text not null,
  pieces integer not null check (pieces > 0),
  price_cents integer not null
);`;
