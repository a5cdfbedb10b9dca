import { ViewMissingError } from './contract.ts';
import type { Change, Database, ListedOrder, Page, Source, Transaction } from './contract.ts';
import { statements } from './schema.ts';

export * from './contract.ts';

/**
 * A list of orders with the names of their customers, to be sorted and paged by name: facts of two owners, joined when they change.
 * Materialized View of the Azure Architecture Center: disposable, never written by the application, built again from its sources.
 */

// #region apply
/**
 * Into all copies of the view, in the caller's transaction: commit it before you acknowledge the message.
 * If PostgreSQL ends it, do it again: an order that changes hands or goes can cause a deadlock, a copy that is removed a broken reference.
 */
export async function apply(transaction: Transaction, change: Change, copy: string | null = null): Promise<void> {
  const { id, version } = change;
  if (!Number.isSafeInteger(version) || version < 0) throw new RangeError(`version of ${id} must be an integer of at least 0: current value is ${version}`);
  if (change.source === 'accounts') {
    const name = change.is === 'gone' ? null : change.is.name;
    await transaction.query(statements.customer, [copy, id, version, name]);
    await transaction.query(statements.rename, [copy, id]);
  } else if (change.is === 'gone') {
    await transaction.query(statements.orderGone, [copy, id, version]);
  } else {
    // The name may be on its way in another transaction, which must find this order or be found by it: so both lock the customer.
    await transaction.query(statements.meet, [copy, change.is.customer]);
    await transaction.query(statements.order, [copy, id, version, change.is.customer, change.is.cents]);
  }
}
// #endregion apply

/**
 * The owner says: what I changed until `asOf` you have. It says so also when nothing changes, or silence and loss would look alike.
 * Call it when all changes before are committed; where several consumers share the feed, with the oldest of their moments.
 */
export async function heard(transaction: Transaction, source: Source, asOf: Date): Promise<void> {
  await transaction.query(statements.heard, [source, asOf.toISOString()]);
}

// #region rebuild
/**
 * Builds another copy beside the one that answers. From its first moment it gets every change; then come the full listings
 * of the owners, page by page. Which of the two is newer decides the version, so they need no order between them.
 * May be repeated after a crash or a deadlock.
 * @param listings ask the owners only when they are iterated, and no replica that lags: what was listed before the copy began is too old.
 *   They name also what is gone, as long as older changes of it may still come: the new copy has no other line that refuses them
 */
export async function rebuild(database: Database, copy: string, listings: AsyncIterable<readonly Change[]>): Promise<void> {
  await database.transaction(({ query }) => query(statements.begin, [copy]));
  for await (const page of listings) {
    await database.transaction(async (transaction) => {
      for (const change of page) await apply(transaction, change, copy);
    });
  }
  await database.transaction(({ query }) => query(statements.filled, [copy]));
}

/**
 * Lets a copy answer, for all readers in one step.
 * @returns false if it is not complete
 */
export async function serve(database: Database, copy: string): Promise<boolean> {
  const rows = await database.transaction(({ query }) => query(statements.serve, [copy]));
  return rows.length === 1;
}
// #endregion rebuild

/** Removes a copy. Fails if it still answers. */
export async function forget(database: Database, copy: string): Promise<void> {
  await database.transaction(({ query }) => query(statements.forget, [copy]));
}

/**
 * The next `size` orders by name of the customer.
 * @param after the last one that was shown; from the beginning without it
 * @throws ViewMissingError, RangeError
 */
export async function page(database: Database, size: number, after?: Pick<ListedOrder, 'name' | 'id'>): Promise<Page> {
  if (!Number.isSafeInteger(size) || size < 1) throw new RangeError(`size must be a positive integer: current value is ${size}`);
  const [row] = await database.transaction(({ query }) => query<{ orders: ListedOrder[]; ageMs: Partial<Page['ageMs']> }>(statements.page, [after?.name ?? '', after?.id ?? '', size]));
  if (row === undefined) throw new ViewMissingError('No copy of the order list answers: build one and serve it');
  return { orders: row.orders, ageMs: { orders: Infinity, accounts: Infinity, ...row.ageMs } };
}
