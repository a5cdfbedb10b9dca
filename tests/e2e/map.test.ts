import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { violations } from './axe-violations.ts';
import { useReader } from './reader.ts';

const reader = useReader();
const wideLines = '.chart.wide g.line';
const rows = '.map-table tbody tr';

describe('narrowing the map', () => {
  test('by keyboard: lines and rows that do not fit go, and the address says what was chosen', async () => {
    const page = await reader.open('/map/');
    const all = await shown(page, rows);
    await page.getByRole('radio', { name: /^All/ }).first().focus();
    for (let step = 0; step < 3; step++) await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Tab');
    await page.keyboard.press('ArrowRight');
    expect(new URL(page.url()).search).toBe('?category=data&relation=requires');
    const left = await shown(page, rows);
    expect(left.length).toBeGreaterThan(0);
    expect(left.length).toBeLessThan(all.length);
    expect(left.every((classes) => classes.includes('of-data') && classes.includes('as-requires'))).toBe(true);
    expect((await shown(page, wideLines)).sort()).toEqual(left.sort());
    expect(await page.getByRole('status').last().textContent()).toBe(`${left.length} of ${all.length} relations`);
  });

  test('survives a reload, and going back', async () => {
    const page = await reader.open('/map/?pattern=saga');
    expect(await page.getByLabel('Around one pattern').inputValue()).toBe('saga');
    const left = await shown(page, rows);
    expect(await texts(page, rows)).toSatisfy((all: string[]) => all.length === left.length && all.every((text) => text.includes('Saga')));
    await page.getByLabel('Around one pattern').selectOption('circuit-breaker');
    expect(new URL(page.url()).search).toBe('?pattern=circuit-breaker');
    await page.reload();
    expect(await page.getByLabel('Around one pattern').inputValue()).toBe('circuit-breaker');
    expect(await texts(page, rows)).toSatisfy((all: string[]) => all.length > 0 && all.every((text) => text.includes('Circuit Breaker')));
  });

  test('passes over what there is no choice for', async () => {
    const page = await reader.open('/map/?category=nonsense&relation=%22%5D&pattern=nothing');
    expect((await shown(page, rows)).length).toBe(await page.locator(rows).count());
    expect(await page.getByLabel('Around one pattern').inputValue()).toBe('');
  });

  test('works without a script', async () => {
    const page = await reader.open('/map/', { javaScriptEnabled: false });
    await page.getByRole('radio', { name: /^Requires/ }).check();
    const left = await shown(page, rows);
    expect(left.length).toBeGreaterThan(0);
    expect(left.every((classes) => classes.includes('as-requires'))).toBe(true);
    expect((await shown(page, wideLines)).length).toBe(left.length);
    expect(await page.locator('.chart.wide a.plate').count()).toBeGreaterThan(10);
  });
});

describe('a pattern that has the focus', () => {
  test('stands with its own relations alone, each with its word', async () => {
    const page = await reader.open('/map/');
    const plate = page.locator('.chart.wide a.plate[href$="/saga/"]');
    const number = /is-(n\d+)/.exec(await plate.getAttribute('class') ?? '')?.[1] ?? '';
    // By keyboard, so that the focus shows.
    await page.locator('.map-view').focus();
    while (await page.evaluate(() => document.activeElement?.getAttribute('href')) !== '/patterns/saga/') await page.keyboard.press('Tab');
    const strong = await page.locator(wideLines).evaluateAll((all) => all.filter((line) => getComputedStyle(line).opacity === '1').map((line) => line.getAttribute('class') ?? ''));
    expect(strong.length).toBeGreaterThan(0);
    expect(strong.every((classes) => classes.split(' ').includes(number))).toBe(true);
    const words = await page.locator('.chart.wide .word').evaluateAll((all) => all.filter((word) => getComputedStyle(word).display !== 'none').map(({ textContent }) => textContent));
    expect(words).toHaveLength(strong.length);
    expect(words).toContain('requires');
  });

  test('keeps no neighbour strong whose line is filtered away', async () => {
    for (const search of ['relation=requires', 'category=data', 'category=resilience&relation=complements']) {
      const page = await reader.open(`/map/?${search}&pattern=service-mesh`);
      const lines = await shown(page, wideLines);
      const strong = await page.locator('.chart.wide a.plate').evaluateAll((all) => all.filter((plate) => getComputedStyle(plate).getPropertyValue('--drawing') !== '.3').map((plate) => /is-(n\d+)/.exec(plate.getAttribute('class') ?? '')?.[1] ?? ''));
      const own = await page.locator('.chart.wide a.plate[href$="/service-mesh/"]').evaluate((plate) => /is-(n\d+)/.exec(plate.getAttribute('class') ?? '')?.[1] ?? '');
      const met = new Set([own, ...lines.flatMap((classes) => classes.match(/\bn\d+\b/g) ?? [])]);
      expect(strong.sort(), search).toEqual([...met].sort());
      await page.context().close();
    }
  });
});

describe('the small map on the page of a pattern', () => {
  test.each([1280, 390])('at %i pixels comes when a reader is near, in the place that was kept for it, and its links work', async (width) => {
    const page = await reader.open('/patterns/saga/', { viewport: { width, height: 800 } });
    const place = page.locator('[data-drawing]');
    expect(await place.locator('svg').count()).toBe(0);
    const kept = await place.evaluate((element) => element.getBoundingClientRect().height);
    await place.scrollIntoViewIfNeeded();
    await place.locator('svg a').first().waitFor();
    const drawn = await place.locator('svg').evaluate((svg) => svg.getBoundingClientRect().height);
    expect(Math.abs(drawn - kept)).toBeLessThan(1);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    expect(await violations(page)).toEqual([]);
    const link = place.locator('svg a').first();
    const target = await link.getAttribute('href');
    await link.focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(`**${target}`);
  });

  test('without a script is a link to the picture', async () => {
    const page = await reader.open('/patterns/saga/', { javaScriptEnabled: false });
    expect(await page.locator('[data-drawing]').evaluate((element) => element.getBoundingClientRect().height)).toBe(0);
    await page.getByRole('link', { name: 'On the map' }).click();
    expect(new URL(page.url()).search).toBe('?pattern=saga');
  });
});

test.each([320, 390])('at %i pixels the map is one column, and nothing lies outside the page', async (width) => {
  const page = await reader.open('/map/', { viewport: { width, height: 800 } });
  expect(await page.locator('.chart.narrow').isVisible()).toBe(true);
  expect(await page.locator('.chart.wide').isVisible()).toBe(false);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
  expect(await page.locator('.map-view').evaluate((view) => view.scrollWidth - view.clientWidth)).toBeLessThanOrEqual(0);
  await page.locator('.chart.narrow a.plate').first().click();
  expect(new URL(page.url()).pathname).toMatch(/^\/patterns\/[a-z-]+\/$/);
});

test('it prints on one width, without what only a screen needs', async () => {
  const page = await reader.open('/map/', { viewport: { width: 700, height: 900 } });
  await page.emulateMedia({ media: 'print' });
  expect(await page.locator('.chart.wide').isVisible()).toBe(true);
  expect(await page.locator('.map-filters').isVisible()).toBe(false);
});

/** Classes of those that a reader can see. */
async function shown(page: Page, selector: string): Promise<string[]> {
  return page.locator(selector).evaluateAll((all) => all.filter((each) => getComputedStyle(each).display !== 'none').map((each) => (each.getAttribute('class') ?? '').trim()));
}

async function texts(page: Page, selector: string): Promise<string[]> {
  return page.locator(selector).evaluateAll((all) => all.filter((each) => getComputedStyle(each).display !== 'none').map(({ textContent }) => textContent ?? ''));
}
