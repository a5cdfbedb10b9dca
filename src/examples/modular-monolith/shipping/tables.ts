export const tables = `
create schema shipping;
create table shipping.parcel (
  order_id integer primary key,
  pieces integer not null,
  is_sent boolean not null default false
);`;
