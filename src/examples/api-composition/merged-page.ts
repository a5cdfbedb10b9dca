/** One owner's list, sorted by the same key as all others. */
export interface Listing<Item> {
  /** At most `most` items whose key comes after `after`, in order; from the beginning without `after`. */
  page: (after: string | undefined, most: number, signal: AbortSignal) => Promise<readonly Item[]>;
  /** Sorts as text and is unique within this owner, for example an ISO time with the id behind it. */
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

// #region merge
/**
 * One page over the lists of several owners: from each as many as the page holds and one more, then the first of all.
 * A cursor moves only over what was shown. If one owner fails, so does the page: behind a hole, later items would come too early.
 * @throws RangeError for a size that is no positive integer, or whatever an owner throws
 */
export async function mergedPage<Item>(owners: Readonly<Record<string, Listing<Item>>>, size: number, cursors: Cursors = {}, caller = new AbortController().signal): Promise<MergedPage<Item>> {
  if (!Number.isSafeInteger(size) || size < 1) throw new RangeError(`size must be a positive integer: current value is ${size}`);
  const stop = new AbortController();
  const signal = AbortSignal.any([caller, stop.signal]);
  try {
    const lists = await Promise.all(Object.entries(owners).map(async ([owner, list]) => {
      const items = await list.page(cursors[owner], size + 1, signal);
      return items.map((item) => ({ owner, item, key: list.keyOf(item) }));
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
