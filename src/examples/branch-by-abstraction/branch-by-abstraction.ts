import type { Transaction } from '../modular-monolith/database.ts';
import type { Inventory, Pieces } from '../modular-monolith/inventory/index.ts';
import { inOrder } from './ledger.ts';
import type { Ledger } from './ledger.ts';

export interface SwitchEvent {
  /**
   * `match` and `mismatch` of two readings; a write that was committed between them looks like a mismatch, too.
   * `diverged`: the one that does not decide could not follow a write.
   */
  type: 'match' | 'mismatch' | 'diverged';
  sku: string;
  detail: unknown;
}

export interface SwitchOptions {
  old: Inventory;
  next: Ledger;
  /** Part of the products that the new implementation decides for, from 0 to 1; it may be set while calls run. */
  share: number;
  onEvent?: (event: SwitchEvent) => void;
}

export interface SwitchedInventory extends Inventory {
  /** Holds for calls that begin afterwards. 0 is the way back, for as long as the old one is written. */
  setShare(share: number): void;
}

/** Old and new behind the face that callers have known all along. @throws RangeError for a share outside 0 to 1 */
export function openSwitched({ old, next, share, onEvent = () => {} }: SwitchOptions): SwitchedInventory {
  let current = requireShare(share);

  // #region switch
  /** Drawn from the name of the product: the same for each call, in each process and after a restart. */
  const pairFor = (sku: string): { decides: Inventory; follows: Inventory } => (
    placeOf('inventory-ledger', sku) < current
      ? { decides: next, follows: old }
      : { decides: old, follows: next }
  );
  // #endregion switch

  // #region write
  /** Both are written in the transaction of the caller. What the one that decides refuses is refused. */
  async function write(open: Transaction, sku: string, act: (on: Inventory) => Promise<void>): Promise<void> {
    const { decides, follows } = pairFor(sku);
    const diverged = (detail: unknown) => onEvent({ type: 'diverged', sku, detail });
    try {
      await apart(open, () => takeOver(open, sku));
    } catch (detail) {
      if (decides === next) throw detail;
      diverged(detail);
      return act(old);
    }
    await act(decides);
    await apart(open, () => act(follows)).catch(diverged);
  }

  /** Comes before any write, whoever decides: this lock first, or two positions of the switch wait for each other. */
  async function takeOver(open: Transaction, sku: string): Promise<void> {
    if (await next.begin(open, sku)) {
      await next.receive(open, { sku, pieces: await old.inStock(open, sku) });
    }
  }
  // #endregion write

  // #region read
  /** Two readings and no write. What the other says, or that it fails, never reaches the caller. */
  async function inStock(open: Transaction, sku: string): Promise<number> {
    const { decides, follows } = pairFor(sku);
    if (decides === next && !(await next.knows(open, sku))) return old.inStock(open, sku);
    const answer = await decides.inStock(open, sku);
    const other = await apart(open, async () => (
      follows === old || await next.knows(open, sku) ? follows.inStock(open, sku) : undefined
    )).catch((error: unknown) => error);
    if (other !== undefined) onEvent({ type: other === answer ? 'match' : 'mismatch', sku, detail: { answer, other } });
    return answer;
  }
  // #endregion read

  return {
    receive: (open, goods) => write(open, goods.sku, (on) => on.receive(open, goods)),
    take: async (open, wanted: readonly Pieces[]) => {
      for (const line of inOrder(wanted)) await write(open, line.sku, (on) => on.take(open, [line]));
    },
    inStock,
    setShare: (to) => { current = requireShare(to); },
  };
}

// #region apart
/** What fails inside leaves the transaction of the caller as it was. Without it, one failed statement ends the order. */
async function apart<Result>(open: Transaction, work: () => Promise<Result>): Promise<Result> {
  await open.query('savepoint apart', []);
  try {
    return await work();
  } catch (error) {
    await open.query('rollback to savepoint apart', []);
    throw error;
  } finally {
    await open.query('release savepoint apart', []);
  }
}
// #endregion apart

/** A number from 0 to below 1 for a name; another feature gets another number for the same name. */
export function placeOf(feature: string, name: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(`${feature}\0${name}`)) hash = Math.imul(hash ^ byte, 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}

function requireShare(share: number): number {
  if (!(share >= 0 && share <= 1)) throw new RangeError(`share must be a number from 0 to 1: current value is ${share}`);
  return share;
}
