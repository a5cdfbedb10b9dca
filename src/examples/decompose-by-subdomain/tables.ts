export const tables = `
create schema shipping;
-- The names are those of other contexts. They are values here: no foreign key leaves the schema.
create table shipping.product (
  sku text primary key,
  grams integer not null check (grams > 0),
  is_fragile boolean not null
);
create table shipping.recipient (
  asked_by text primary key,
  name text not null,
  address text not null
);
create table shipping.parcel (
  number integer generated always as identity primary key,
  order_id integer not null,
  name text not null,
  address text not null,
  skus text[] not null,
  grams integer not null,
  is_fragile boolean not null,
  is_handed_over boolean not null default false
);`;
