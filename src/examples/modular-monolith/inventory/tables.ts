export const tables = `
create schema inventory;
create table inventory.stock (
  sku text primary key,
  pieces integer not null check (pieces >= 0)
);`;
