/** A page read in one minute, in five, or whole: by the buttons, by a link, from memory, by keyboard and on paper. */
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { readPdf } from '../../scripts/pdf-file.ts';
import { openFrom } from '../../src/components/reading-levels.ts';
import { violations } from './axe-violations.ts';
import { useReader } from './reader.ts';

const reader = useReader();
const pattern = '/patterns/circuit-breaker/';
const sections = '.sl-markdown-content > details';
const level = (page: Page, minutes: RegExp): ReturnType<Page['getByRole']> => page.getByRole('group', { name: /how much/i }).getByRole('button', { name: minutes });
const openOnes = (page: Page): Promise<string[]> => page.locator(`${sections}[open] h2`).evaluateAll((headings) => headings.map(({ id }) => id));
const belonging = (...levels: string[]): string[] => Object.keys(openFrom).filter((id) => levels.includes(openFrom[id] ?? ''));

describe('the buttons', () => {
  test('one minute leaves the lead and one drawing, five minutes the sections of the table, all everything', async () => {
    const page = await reader.open(pattern);
    expect(await openOnes(page)).toEqual(Object.keys(openFrom));
    expect(await level(page, /^all/).getAttribute('aria-pressed')).toBe('true');
    await level(page, /^1 /).click();
    await expect.poll(() => openOnes(page)).toEqual(belonging('1min'));
    expect(await page.locator('.diagram:visible').count()).toBe(1);
    expect(await page.locator('.gist > p:visible').count()).toBe(0);
    expect(await page.getByText('Use it when').isVisible()).toBe(true);
    expect(await level(page, /^1 /).getAttribute('aria-pressed')).toBe('true');
    await page.getByRole('button', { name: 'The rest of this section' }).click();
    expect(await page.locator('.gist > p:visible').count()).toBeGreaterThan(0);
    await level(page, /^5 /).click();
    await expect.poll(() => openOnes(page)).toEqual(belonging('1min', '5min'));
    await level(page, /^all/).click();
    await expect.poll(() => openOnes(page)).toEqual(Object.keys(openFrom));
    expect(await level(page, /^5 /).getAttribute('aria-pressed')).toBe('false');
  });

  test('the choice is kept on the device and stands in the address; all forgets it', async () => {
    const page = await reader.open(pattern);
    await level(page, /^5 /).click();
    await page.waitForURL(/\?read=5min$/);
    await page.goto('/patterns/saga/', { waitUntil: 'networkidle' });
    await expect.poll(() => openOnes(page)).toEqual(belonging('1min', '5min'));
    await level(page, /^all/).click();
    await expect.poll(() => openOnes(page)).toEqual(Object.keys(openFrom));
    expect(await page.evaluate(() => localStorage.getItem('read'))).toBeNull();
    await page.goto(pattern, { waitUntil: 'networkidle' });
    expect(await openOnes(page)).toEqual(Object.keys(openFrom));
  });

  test('what they need is not loaded before', async () => {
    const page = await reader.newPage();
    const requests: string[] = [];
    page.on('request', (request) => requests.push(request.url()));
    await page.goto(pattern, { waitUntil: 'networkidle' });
    expect(requests.filter((url) => url.includes('reading-sections'))).toEqual([]);
    await level(page, /^1 /).click();
    await expect.poll(() => requests.filter((url) => url.includes('reading-sections')).length).toBe(1);
  });
});

describe('an address', () => {
  test('with a level opens as much; one that is unknown is ignored', async () => {
    const page = await reader.open(`${pattern}?read=1min`);
    expect(await openOnes(page)).toEqual(belonging('1min'));
    await page.goto(`${pattern}?read=2min`, { waitUntil: 'networkidle' });
    expect(await openOnes(page)).toEqual(Object.keys(openFrom));
    expect(await page.evaluate(() => localStorage.getItem('read'))).toBeNull();
  });

  test.each(['#refusals-counted-as-outcomes', '#what-to-watch', '#source-brooker-2022-retries'])('with %s opens the section it leads into', async (hash) => {
    const page = await reader.open(`${pattern}?read=1min${hash}`);
    await page.locator(hash).waitFor();
    const box = await page.locator(hash).boundingBox();
    expect(box?.y ?? -1).toBeGreaterThanOrEqual(0);
    expect(box?.y ?? 900).toBeLessThan(900);
  });

  test('the contents lead into closed sections, and again after somebody closed them', async () => {
    const page = await reader.open(`${pattern}?read=1min`);
    const link = page.getByRole('navigation', { name: 'On this page' }).getByRole('link', { name: 'What to watch' });
    const section = page.locator(`${sections}:has(> summary > #what-to-watch)`);
    await link.click();
    await expect.poll(() => section.getAttribute('open')).toBe('');
    await section.locator('summary').click({ position: { x: 5, y: 30 } });
    await expect.poll(() => section.getAttribute('open')).toBeNull();
    await link.click();
    await expect.poll(() => section.getAttribute('open')).toBe('');
  });
});

describe('before the first paint', () => {
  test.each(['1min', '5min'])('a page at %s has the sections closed that the script will close, and moves nothing', async (read) => {
    const page = await reader.newPage();
    // What closes them comes when the test says so.
    let release = (): void => {};
    const held = new Promise<void>((resolve) => { release = resolve; });
    await page.route(/reading-sections/, async (route) => { await held; await route.continue(); });
    await page.goto(`${pattern}?read=${read}`, { waitUntil: 'load' });
    const seen = (): Promise<unknown> => page.evaluate(() => [document.querySelector('main')?.clientHeight, ...[...document.querySelectorAll('.sl-markdown-content > details')].map((section) => (section as HTMLElement).offsetHeight)]);
    const before = await seen();
    expect(await openOnes(page)).toEqual(Object.keys(openFrom));
    release();
    await expect.poll(() => openOnes(page)).toHaveLength(read === '1min' ? 1 : belonging('1min', '5min').length);
    expect(await seen()).toEqual(before);
  });
});

describe('a section', () => {
  test('is opened and closed by keyboard, with one stop of the Tab key a heading', async () => {
    const page = await reader.open(pattern);
    const summary = page.locator(`${sections}:has(> summary > #forces) > summary`);
    await summary.focus();
    await page.keyboard.press('Enter');
    expect(await openOnes(page)).not.toContain('forces');
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.querySelector('h2')?.id)).toBe('solution');
    await page.keyboard.press('Space');
    expect(await openOnes(page)).not.toContain('solution');
  });

  test('is a heading for assistive technology', async () => {
    const page = await reader.open(pattern);
    expect(await page.getByRole('heading', { level: 2, name: 'What it costs' }).count()).toBe(1);
  });

  test('that was closed brings its simulation when it opens', async () => {
    const page = await reader.open(`${pattern}?read=1min`);
    await page.locator(`${sections}:has(> summary > #try-it) > summary`).click({ position: { x: 5, y: 30 } });
    await page.locator('.sim-play').first().waitFor();
    expect(await page.locator('pattern-simulator svg:visible').count()).toBeGreaterThan(0);
  });

  test('that is closed is printed', async () => {
    const page = await reader.open(`${pattern}?read=1min`);
    const text = readPdf(await page.pdf({ format: 'A4', preferCSSPageSize: true })).sheets.map((sheet) => sheet.text).join(' ').replaceAll(/\s+/g, ' ');
    for (const words of ['A late success closes the circuit', 'State by dependency and instance', 'Wrap all calls to one dependency', 'Compared with a bulkhead']) expect(text).toContain(words);
  });
});

describe('axe finds nothing', () => {
  test.each(['light', 'dark'] as const)('with closed sections, %s', async (colorScheme) => {
    const found: string[] = [];
    for (const width of [1280, 320]) {
      const page = await reader.open(`${pattern}?read=1min`, { colorScheme, viewport: { width, height: 900 } });
      found.push(...await violations(page));
    }
    expect(found).toEqual([]);
  }, 120_000);

  test('closed and open ones have a mark under forced colours', async () => {
    const page = await reader.open(`${pattern}?read=5min`, { forcedColors: 'active' });
    const marks = await page.locator(`${sections} > summary`).evaluateAll((summaries) => summaries.map((summary) => { const { borderRightWidth, rotate } = getComputedStyle(summary, '::after'); return `${borderRightWidth} ${rotate}`; }));
    expect(new Set(marks)).toEqual(new Set(['2px 45deg', '2px -45deg']));
  });
});
