/** The schema of the layer. The two tables of documents are the only places outside the translation where foreign words may stand. */
export const tables = `
create schema warehouse;
create table warehouse.item (
  sku text primary key,
  item text not null unique check (item ~ '^[0-9]{8}$')
);
create table warehouse.received (number text primary key);
create table warehouse.quarantine (
  digest bytea primary key,
  document bytea not null, -- a text could not hold every document: none with a zero byte
  reason text not null,
  field text not null,
  found text not null
);
create table warehouse.dispatch (
  order_id integer not null,
  sku text not null,
  document text not null,
  state text not null default 'waiting' check (state in ('waiting', 'accepted', 'refused')),
  primary key (order_id, sku)
);`;
