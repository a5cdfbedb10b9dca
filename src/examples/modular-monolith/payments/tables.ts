export const tables = `
create schema payments;
create table payments.credit (
  customer text primary key,
  cents integer not null check (cents >= 0)
);
-- The number of the order is a value here. A foreign key would reach into the table of another module.
create table payments.charge (
  order_id integer primary key,
  customer text not null,
  cents integer not null
);`;
