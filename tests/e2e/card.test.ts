/** A card at the size at which others frame it. */
import { expect, test } from 'vitest';
import type { OEmbed } from '../../src/citing/oembed.ts';
import { pages, siteText } from '../site/built-site.ts';
import { violations } from './axe-violations.ts';
import { useReader } from './reader.ts';

const reader = useReader();
const citable = pages.map(({ address, document }) => ({ address, length: document.querySelector('meta[name="description"]')?.getAttribute('content')?.length ?? 0 }))
  .filter(({ address }) => /^\/(patterns|problems|guides)\/[^/]+\/$/.test(address));
const longest = citable.toSorted((a, b) => b.length - a.length).slice(0, 8);
const oEmbed = (address: string): OEmbed => JSON.parse(siteText(`${address.slice(1)}oembed.json`)) as OEmbed;

test('the longest fit the height that oEmbed names, and no card is wider than a phone', async () => {
  expect(longest).toHaveLength(8);
  for (const width of [600, 320]) {
    const page = await reader.newPage({ viewport: { width, height: oEmbed('/patterns/saga/').height } });
    for (const { address } of longest) {
      await page.goto(`${address}card/`);
      const size = await page.evaluate(() => ({ width: document.documentElement.scrollWidth, height: document.documentElement.scrollHeight }));
      expect(size.width, address).toBe(width);
      if (width === 600) expect(size.height, address).toBeLessThanOrEqual(oEmbed(address).height);
    }
  }
});

test('has nothing that axe finds, in light and dark', async () => {
  const found: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const address of ['/patterns/saga/card/', '/problems/a-retry-repeats-a-side-effect/card/']) found.push(...await violations(await reader.open(address, { colorScheme })));
  }
  expect(found).toEqual([]);
});
