/** One open transaction. */
export interface Transaction {
  query<Row>(text: string, parameters: readonly unknown[]): Promise<readonly Row[]>;
}
/** Commits when `work` resolves, rolls back when it rejects. Isolation READ COMMITTED, PostgreSQL's default. */
export interface Database {
  transaction<Result>(work: (transaction: Transaction) => Promise<Result>): Promise<Result>;
}

/** In the schema of each service, as its owner. */
export const inventoryTables = `
  create table inventory.stock (sku text primary key, free integer not null check (free >= 0));
`;
export const ordersTables = `
  create table orders.parcel (id text primary key, sku text not null, pieces integer not null, address text not null);
`;

// #region reserve
/** Inventory's rule stays in inventory's code; the transaction belongs to whoever calls. */
export const inventoryContract = `
  create view available with (security_barrier) as select sku, free from inventory.stock where free > 0;

  create function reserve(wanted text, pieces integer) returns void
  language plpgsql security definer set search_path = '' as $$
  begin
    if pieces <= 0 then raise 'pieces must be above 0' using errcode = 'check_violation'; end if;
    update inventory.stock set free = free - pieces where sku = wanted and free >= pieces;
    if not found then raise 'fewer than % of %', pieces, wanted using errcode = 'check_violation'; end if;
  end $$
`;
// #endregion reserve

export interface Order {
  readonly id: string;
  readonly sku: string;
  readonly pieces: number;
  readonly address: string;
}

/**
 * The reason to share: order and stock change together or not at all, and nobody sees one without the other.
 * The stock comes last: its row is what others wait for, and it stays locked until the commit.
 */
export async function placeOrder(database: Database, { id, sku, pieces, address }: Order): Promise<void> {
  await database.transaction(async (open) => {
    await open.query('insert into orders.parcel (id, sku, pieces, address) values ($1, $2, $3, $4)', [id, sku, pieces, address]);
    await open.query('select inventory_v1.reserve($1, $2)', [sku, pieces]);
  });
}
