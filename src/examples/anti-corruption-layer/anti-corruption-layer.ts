/** Public face of the warehouse module: it hides the old warehouse system, whose words end here. */
import type { Database, Transaction } from '../modular-monolith/database.ts';
import type { Inventory } from '../modular-monolith/inventory/index.ts';
import type { Order, Orders } from '../modular-monolith/orders/index.ts';
import { answerOf, documentOf, meaningOf, unknownItem, UntranslatableError } from './translation.ts';
import type { Meaning } from './translation.ts';

export { tables as warehouseTables } from './tables.ts';
export { UntranslatableError } from './translation.ts';

export type Outcome = 'taken in' | 'of no interest' | 'known already' | 'held';
export interface WarehouseEvent { type: Outcome | 'released'; document: string; error?: UntranslatableError }

/** Refused by the warehouse module: too much is held that nobody understands. The reader has to stop, and somebody to look. */
export class QuarantineFullError extends Error {
  override readonly name = 'QuarantineFullError';
}

/** Refused by the warehouse module: no number for the product, or more pieces than the old form has room for. */
export class CannotDispatchError extends Error {
  override readonly name = 'CannotDispatchError';
}

export interface WarehouseOptions {
  database: Database;
  inventory: Inventory;
  orders: Pick<Orders, 'onPlaced'>;
  /** Documents in quarantine at which reading stops: then the format has changed, and not one document. Readers that meet may pass it by their number. */
  mostHeld: number;
  onEvent?: (event: WarehouseEvent) => void;
}

export interface Warehouse {
  /** Tells that the warehouse calls a product by this number. */
  name(open: Transaction, sku: string, item: string): Promise<void>;
  /** A document of the warehouse, in any order and more than once. @throws QuarantineFullError: nothing was done */
  receive(document: string): Promise<Outcome>;
  /** Tries again what is held, after a code or a number has been added. @returns how many were released */
  retry(): Promise<number>;
  /** What the warehouse said to a dispatch. @returns false where none waits for an answer, which then changes nothing @throws UntranslatableError: the dispatch waits as before */
  answered(orderId: number, sku: string, reply: string): Promise<boolean>;
}

/** Keeps a byte order mark: a document has to be found again by its bytes. */
const exactly = new TextDecoder('utf-8', { ignoreBOM: true });

export function openWarehouse({ database, inventory, orders, mostHeld, onEvent = () => {} }: WarehouseOptions): Warehouse {
  if (!(Number.isSafeInteger(mostHeld) && mostHeld > 0)) throw new RangeError(`mostHeld must be a positive integer: current value is ${mostHeld}`);
  orders.onPlaced(dispatch);

  // #region receive
  /** One transaction: the document is done with and counted, or held, or still to come. */
  async function receive(document: string): Promise<Outcome> {
    const event = await database.transaction(async (open): Promise<WarehouseEvent> => {
      try {
        return { type: await takeIn(open, meaningOf(document)), document };
      } catch (error) {
        if (!(error instanceof UntranslatableError)) throw error;
        await hold(open, document, error);
        return { type: 'held', document, error };
      }
    });
    onEvent(event);
    return event.type as Outcome;
  }

  async function takeIn(open: Transaction, meaning: Meaning): Promise<Outcome> {
    if (meaning.kind === 'of no interest') return meaning.kind;
    const sku = await skuOf(open, meaning.item);
    const fresh = await open.query('insert into warehouse.received values ($1) on conflict do nothing returning number', [meaning.number]);
    if (fresh.length === 0) return 'known already';
    await inventory.receive(open, { sku, pieces: meaning.pieces });
    return 'taken in';
  }
  // #endregion receive

  // #region quarantine
  /** As it came, so that it can be read again when we know more. */
  async function hold(open: Transaction, document: string, refused: UntranslatableError): Promise<void> {
    const bytes = new TextEncoder().encode(document);
    const [quarantine] = await open.query<{ full: boolean }>('select count(*) >= $2 and bool_and(document <> $1) as full from warehouse.quarantine', [bytes, mostHeld]);
    if (quarantine!.full) throw new QuarantineFullError(`${mostHeld} documents of the warehouse are held`);
    await open.query(`insert into warehouse.quarantine values (sha256($1), $1, $2, $3, $4)
      on conflict (digest) do update set reason = excluded.reason, field = excluded.field, found = excluded.found`, [bytes, refused.reason, refused.field, refused.found]);
  }

  /** A transaction for each, so that one that still says nothing does not keep the others. */
  async function retry(): Promise<number> {
    const held = await database.transaction((open) => open.query<{ document: Uint8Array }>('select document from warehouse.quarantine', []));
    let released = 0;
    for (const { document: bytes } of held) {
      const document = exactly.decode(bytes);
      if (await receive(document) === 'held') continue;
      const deleted = await database.transaction((open) => open.query('delete from warehouse.quarantine where document = $1 returning digest', [bytes]));
      if (deleted.length === 0) continue; // another was faster
      onEvent({ type: 'released', document });
      released++;
    }
    return released;
  }
  // #endregion quarantine

  // #region order
  /** In the transaction of the order: what the warehouse could not be told is not sold. */
  async function dispatch(open: Transaction, { id: orderId, lines }: Order): Promise<void> {
    for (const [sku, all] of Map.groupBy(lines, (line) => line.sku)) {
      const pieces = all.reduce((sum, line) => sum + line.pieces, 0);
      const [stored] = await open.query<{ item: string }>('select item from warehouse.item where sku = $1', [sku]);
      const document = stored && documentOf({ orderId, item: stored.item, pieces });
      if (document === undefined) {
        throw new CannotDispatchError(`the warehouse cannot be told to send ${pieces} of '${sku}'`);
      }
      await open.query('insert into warehouse.dispatch (order_id, sku, document) values ($1, $2, $3)', [orderId, sku, document]);
    }
  }
  // #endregion order

  async function answered(orderId: number, sku: string, reply: string): Promise<boolean> {
    const state = answerOf(reply);
    const changed = await database.transaction((open) => open.query("update warehouse.dispatch set state = $3 where order_id = $1 and sku = $2 and state = 'waiting' returning sku", [orderId, sku, state]));
    return changed.length > 0;
  }

  async function name(open: Transaction, sku: string, item: string): Promise<void> {
    await open.query('insert into warehouse.item values ($1, $2)', [sku, item]);
  }

  return { name, receive, retry, answered };
}

async function skuOf(open: Transaction, item: string): Promise<string> {
  const [found] = await open.query<{ sku: string }>('select sku from warehouse.item where item = $1', [item]);
  return found?.sku ?? unknownItem(item);
}
