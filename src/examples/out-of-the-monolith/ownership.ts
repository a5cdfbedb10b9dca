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
/** The only way to write. Versions go on counting when the owner changes. */
export function change(side: Side, sku: string, product: Product): Promise<number> {
  return side.database.transaction(async (transaction) => {
    const turn = await ownedTurn(transaction, statements.lock, sku);
    const before = await side.store.read(transaction, sku);
    const version = (before?.version ?? 0) + 1;
    await side.store.write(transaction, sku, { version, product });
    await side.announce(transaction, { sku, version, product, turn, handsOver: false });
    return version;
  });
}
// #endregion change

// #region hand-over
/** From its commit until the other side has the message, nobody may write this product. */
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
    await side.store.write(transaction, sku, { version, product });
    if (handsOver) await transaction.query(statements.take, [sku, turn]);
  });
}
// #endregion hand-over

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
  lock: 'select turn from ownership where sku = $1 and is_mine for update',
  give: 'update ownership set is_mine = false, turn = turn + 1 where sku = $1 and is_mine returning turn',
  take: `
    insert into ownership (sku, is_mine, turn) values ($1, true, $2::integer)
        on conflict (sku) do update set is_mine = true, turn = excluded.turn
           where ownership.turn < excluded.turn`,
} as const;
