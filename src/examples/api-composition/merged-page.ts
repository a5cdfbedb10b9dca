import { untilAborted } from './until-aborted.ts';

/** One owner's list, sorted by the same key as all others. */
export interface Listing<Item> {
  /**
   * The first `most` items whose key comes after `after`, in order; from the beginning without `after`.
   * Fewer only where the list ends: what an owner's own limit cuts off would come too late, or never.
   */
  page: (after: string | undefined, most: number, signal: AbortSignal) => Promise<readonly Item[]>;
  /** Not empty, ASCII, unique within this owner, and sorted by its bytes: for example an ISO time with the id behind it. */
  keyOf: (item: Item) => string;
}

/** How far a reader has come in each owner's list. Give it back unchanged for the next page. */
export type Cursors = Readonly<Record<string, string>>;

export interface MergedPage<Item> {
  items: { owner: string; item: Item }[];
  next: Cursors;
  /** False when no owner had more than this page took. */
  more: boolean;
}

/** An owner sorts by another rule, often by locale, or ignores its cursor: pages would repeat items or leave some out. */
export class ListingOrderError extends Error {
  override readonly name = 'ListingOrderError';
}

// #region merge
/**
 * One page over the lists of several owners: from each as many as the page holds and one more, then the first of all.
 * A cursor moves only over what was shown. If one owner fails, so does the page: behind a hole, later items would come too early.
 * What an owner inserts behind its cursor is not seen.
 * @param caller has the time limit as well
 * @throws RangeError for a size that is no positive integer, ListingOrderError, the reason of `caller`, or whatever an owner throws
 */
export async function mergedPage<Item>(owners: Readonly<Record<string, Listing<Item>>>, size: number, cursors: Cursors = {}, caller = new AbortController().signal): Promise<MergedPage<Item>> {
  if (!Number.isSafeInteger(size) || size < 1) throw new RangeError(`size must be a positive integer: current value is ${size}`);
  caller.throwIfAborted();
  const stop = new AbortController();
  const signal = AbortSignal.any([caller, stop.signal]);
  try {
    const lists = await Promise.all(Object.entries(owners).map(async ([owner, list]) => {
      const items = await untilAborted(list.page(cursors[owner], size + 1, signal), signal);
      const keyed = items.map((item) => ({ owner, item, key: list.keyOf(item) }));
      if (keyed.some(({ key }, at) => key <= (keyed[at - 1]?.key ?? cursors[owner] ?? ''))) throw new ListingOrderError(`${owner} sorts by another order, or not after its cursor`);
      return keyed;
    }));
    const sorted = lists.flat().sort((a, b) => compare(a.key, b.key) || compare(a.owner, b.owner));
    const shown = sorted.slice(0, size);
    const next = { ...cursors, ...Object.fromEntries(shown.map(({ owner, key }) => [owner, key])) };
    return { items: shown.map(({ owner, item }) => ({ owner, item })), next, more: sorted.length > size };
  } finally {
    stop.abort(new DOMException('The page is given or cannot be', 'AbortError'));
  }
}
// #endregion merge

/** Not by locale: owners and composer have to agree on one order. */
function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
