/** axe over every page of the sitemap, and over the states that a sitemap does not name. */
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { siteText } from '../site/built-site.ts';
import { violations } from './axe-violations.ts';
import { kinds } from './page-kinds.ts';
import { useReader } from './reader.ts';

const reader = useReader();
const mapped = [...siteText('sitemap-0.xml').matchAll(/<loc>([^<]+)/g)].map(([, address = '']) => new URL(address).pathname);
/** What stands outside the sitemap: kept versions, code, what has a state in its address, and what no address leads to. */
const unmapped = [...Object.values(kinds).filter((address) => !mapped.includes(address)), '/find/?q=customers%20are%20charged%20twice', '/map/?category=data&relation=requires&pattern=saga'];
/** A second one waits for its page while the first computes. */
const tabs = 2;
const msAPage = 30_000;

/** States in which a page is read; each needs no new visit. Light and wide, and dark and narrow, hold all rules: colours depend on the theme alone, what has to wrap or to be hit on the width alone. */
const states: { name: string; width: number; media: Parameters<Page['emulateMedia']>[0]; without: (typeof unforcedTextColour)[] }[] = [
  { name: 'light, 1280', width: 1280, media: { colorScheme: 'light', reducedMotion: 'no-preference' }, without: [] },
  { name: 'dark, 320, reduced motion', width: 320, media: { colorScheme: 'dark', reducedMotion: 'reduce' }, without: [] },
  { name: 'light, 320', width: 320, media: { colorScheme: 'light' }, without: [contrastIsReadWide] },
  { name: 'forced colours', width: 320, media: { forcedColors: 'active' }, without: [unforcedTextColour] },
];

/** The system sets the colours; axe would take them from -webkit-text-fill-color, which Chromium reports unforced. tests/e2e/forced-colours.test.ts reads pixels. */
function unforcedTextColour(): string { return 'color-contrast'; }
/** Light colours were read at 1280 pixels, and none of them depends on the width. */
function contrastIsReadWide(): string { return 'color-contrast'; }

describe('axe finds nothing', () => {
  test('the sitemap names pages of every room', () => {
    for (const room of ['patterns', 'problems', 'guides', 'categories', 'compare', 'contribute']) expect(mapped.filter((address) => address.startsWith(`/${room}/`)).length, room).toBeGreaterThan(1);
  });

  for (const [room, addresses] of Object.entries(byRoom(mapped))) {
    test(`${room}: ${addresses.length} of the sitemap`, () => walk(addresses), addresses.length * msAPage);
  }
  test('pages that no sitemap names', () => walk(unmapped), unmapped.length * msAPage);

  test('in the open search dialog', async () => {
    const page = await reader.open('/');
    await page.getByRole('button', { name: /search/i }).first().click();
    await page.locator('dialog[open] input[type="search"]').fill('retry');
    await page.locator('dialog[open] ol a').first().waitFor();
    expect(await violations(page)).toEqual([]);
  });
});

describe('motion', () => {
  test('a reader who asked for less gets none', async () => {
    const page = await reader.open('/', { reducedMotion: 'reduce' });
    const moving = await page.evaluate(() => document.getAnimations().filter(({ playState }) => playState === 'running').length);
    expect(moving).toBe(0);
  });
});

async function walk(addresses: readonly string[]): Promise<void> {
  const left = [...addresses];
  const found: string[] = [];
  await Promise.all(Array.from({ length: tabs }, async () => {
    const page = await reader.newPage();
    for (let address = left.shift(); address !== undefined; address = left.shift()) {
      await page.setViewportSize({ width: 1280, height: 900 });
      await page.goto(address, { waitUntil: 'networkidle' });
      for (const { name, width, media, without } of states) {
        await page.emulateMedia({ forcedColors: 'none', ...media });
        await page.setViewportSize({ width, height: 900 });
        found.push(...(await violations(page, without.map((rule) => rule()))).map((violation) => `${name}: ${violation}`));
      }
    }
  }));
  expect(found).toEqual([]);
}

function byRoom(addresses: readonly string[]): Record<string, string[]> {
  const rooms: Record<string, string[]> = {};
  for (const address of addresses) (rooms[address.split('/').length > 3 ? address.split('/')[1] ?? '' : 'pages of their own'] ??= []).push(address);
  return rooms;
}
