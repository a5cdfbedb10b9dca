export const tables = `
create schema catalogue;
create table catalogue.product (
  sku text primary key,
  title text not null,
  price_cents integer not null check (price_cents >= 0),
  is_sold boolean not null default true
);`;
