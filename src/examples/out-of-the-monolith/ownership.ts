import type { Database, Transaction } from '../self-contained-service/contract.ts';
import type { Store, Versioned } from './stores.ts';
import type { Product } from './translation.ts';

/** One of the two systems. Both run the same code on a database of their own. */
export interface Side {
  readonly database: Database;
  readonly store: Store;
  /** In the same transaction, for example with an outbox; the other side will `receive` it, once or more. */
  readonly announce: (transaction: Transaction, message: Message) => Promise<unknown>;
}

/** How a product is now; with `handsOver` the receiver owns it from here on. */
export interface Message extends Versioned {
  readonly sku: string;
  /** Counts how often the product has changed hands. */
  readonly turn: number;
  readonly handsOver: boolean;
}

/** This side may not write the product. Nothing was done, so asking the other side is safe. */
export class NotOwnerError extends Error {
  override readonly name = 'NotOwnerError';

  constructor(sku: string) {
    super(`'${sku}' is owned by the other side`);
  }
}

// #region change
/**
 * The only way to write. Versions go on counting when the owner changes.
 * @param next what becomes of the product, which is undefined if it is new
 * @returns the new version
 * @throws NotOwnerError: nothing was done
 */
export function change(
  side: Side, sku: string, next: (before: Product | undefined) => Product,
): Promise<number> {
  return side.database.transaction(async (transaction) => {
    const turn = await ownedTurn(transaction, statements.lock, sku);
    const before = await side.store.read(transaction, sku);
    const version = (before?.version ?? 0) + 1;
    const product = next(before?.product);
    await side.store.write(transaction, sku, { version, product });
    await side.announce(transaction, { sku, version, product, turn, handsOver: false });
    return version;
  });
}
// #endregion change

// #region hand-over
/** From its commit until the other side has the message, nobody may write it. */
export function handOver(side: Side, sku: string): Promise<void> {
  return side.database.transaction(async (transaction) => {
    const turn = await ownedTurn(transaction, statements.give, sku);
    const last = await side.store.read(transaction, sku);
    if (!last) throw new RangeError(`there is no product '${sku}' to hand over`);
    await side.announce(transaction, { ...last, sku, turn, handsOver: true });
  });
}

/** In any order, and more than once: an old deed makes nobody the owner again. */
export function receive(side: Side, message: Message): Promise<void> {
  const { sku, version, product, turn, handsOver } = message;
  return side.database.transaction(async (transaction) => {
    // In the order of `change`, or the two could wait for each other.
    if (handsOver) await transaction.query(statements.take, [sku, turn]);
    await side.store.write(transaction, sku, { version, product });
  });
}
// #endregion hand-over

/** For the first load: says how the product is, without a change. It may come before or after changes. */
export function tell(side: Side, sku: string): Promise<void> {
  return side.database.transaction(async (transaction) => {
    const turn = await ownedTurn(transaction, statements.lock, sku);
    const now = await side.store.read(transaction, sku);
    if (now) await side.announce(transaction, { ...now, sku, turn, handsOver: false });
  });
}

/** True once the deed has been received, and until the next one is written. */
export async function owns({ database }: Side, sku: string): Promise<boolean> {
  const rows = await database.transaction((transaction) => transaction.query(statements.owned, [sku]));
  return rows.length === 1;
}

/** @returns the turn of the product, whose row is now locked */
async function ownedTurn(transaction: Transaction, statement: string, sku: string): Promise<number> {
  const [owned] = await transaction.query<{ turn: number }>(statement, [sku]);
  if (owned === undefined) throw new NotOwnerError(sku);
  return owned.turn;
}

/** On each side; a product without a row is not its own. */
export const ownershipSchema = `
  create table ownership (
    sku     text primary key,
    is_mine boolean not null,
    turn    integer not null
  );
`;

const statements = {
  owned: 'select 1 from ownership where sku = $1 and is_mine',
  lock: 'select turn from ownership where sku = $1 and is_mine for update',
  give: 'update ownership set is_mine = false, turn = turn + 1 where sku = $1 and is_mine returning turn',
  take: `
    insert into ownership (sku, is_mine, turn) values ($1, true, $2::integer)
        on conflict (sku) do update set is_mine = true, turn = excluded.turn
           where ownership.turn < excluded.turn`,
} as const;
