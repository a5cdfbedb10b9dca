import { describe, expect, test } from 'vitest';
import { ListingOrderError, mergedPage } from './merged-page.ts';
import type { Cursors, Listing } from './merged-page.ts';

/** A sorted list of one owner, which counts what it gave. */
function listing(keys: string[]): Listing<string> & { given: number } {
  return {
    given: 0,
    keyOf: (key) => key,
    async page(after, most) {
      const found = keys.filter((key) => after === undefined || key > after).slice(0, most);
      this.given += found.length;
      return found;
    },
  };
}

const shown = (page: { items: { item: string }[] }): string => page.items.map(({ item }) => item).join(' ');

describe('a page over several owners', () => {
  test('pages in order, none twice and none left out, until all are shown', async () => {
    const owners = { orders: listing(['01', '02', '09', '10']), parcels: listing(['03', '04', '05', '06', '07', '08']), payments: listing(['11']) };
    const pages: string[] = [];
    let cursors: Cursors = {};
    for (let more = true; more;) {
      const page = await mergedPage(owners, 4, cursors);
      pages.push(shown(page));
      ({ next: cursors, more } = page);
    }
    expect(pages).toEqual(['01 02 03 04', '05 06 07 08', '09 10 11']);
  });

  test('asks each owner for one page and one item, however long the lists are', async () => {
    const long = listing(Array.from({ length: 10_000 }, (_, at) => String(at).padStart(5, '0')));
    await mergedPage({ long }, 20);
    expect(long.given).toBe(21);
  });

  test('the same key at two owners is two items, in the same order each time', async () => {
    const first = await mergedPage({ b: listing(['x']), a: listing(['x']) }, 1);
    expect(first.items).toEqual([{ owner: 'a', item: 'x' }]);
    const second = await mergedPage({ b: listing(['x']), a: listing(['x']) }, 1, first.next);
    expect(second).toMatchObject({ items: [{ owner: 'b', item: 'x' }], more: false });
  });

  test('an owner that fails fails the page, and the others are told', async () => {
    let told: AbortSignal | undefined;
    const slow: Listing<string> = { keyOf: (key) => key, page: (_after, _most, signal) => { told = signal; return new Promise(() => {}); } };
    const broken: Listing<string> = { keyOf: (key) => key, page: async () => { throw new Error('down'); } };
    await expect(mergedPage({ slow, broken }, 5)).rejects.toThrow('down');
    expect(told?.aborted).toBe(true);
  });

  test('lets go of an owner deaf to the signal when the caller leaves, and asks nobody once it has left', async () => {
    let asked = 0;
    const deaf: Listing<string> = { keyOf: (key) => key, page: () => { asked += 1; return new Promise(() => {}); } };
    const caller = new AbortController();
    const page = mergedPage({ deaf }, 5, {}, caller.signal);
    caller.abort(new Error('left'));
    await expect(page).rejects.toThrow('left');
    await expect(mergedPage({ deaf }, 5, {}, caller.signal)).rejects.toThrow('left');
    expect(asked).toBe(1);
  });

  test('refuses a list that is sorted by another rule or does not go on after its cursor', async () => {
    const given = (...keys: string[]): Listing<string> => ({ keyOf: (key) => key, page: async () => keys });
    await expect(mergedPage({ locale: given('a', 'B') }, 5)).rejects.toThrow(ListingOrderError);
    await expect(mergedPage({ twice: given('a', 'a') }, 5)).rejects.toThrow('twice sorts by another order, or not after its cursor');
    await expect(mergedPage({ stuck: given('a', 'b') }, 5, { stuck: 'a' })).rejects.toThrow(ListingOrderError);
  });

  test('refuses a page without a size', async () => {
    await expect(mergedPage({}, 0)).rejects.toThrow(new RangeError('size must be a positive integer: current value is 0'));
  });
});
