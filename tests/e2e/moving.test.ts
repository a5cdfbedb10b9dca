/** Keys, what was read, and the way along a guide. */
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { violations } from './axe-violations.ts';
import { useReader } from './reader.ts';

const reader = useReader();
const sheet = 'dialog.keys';
const saga = '/patterns/saga/';
/** A dialog closes a moment after its key, and the sheet gives the focus back when it goes: nobody types as fast as this test. */
const allClosed = (page: Page): Promise<void> => expect.poll(() => page.locator('dialog[open], dialog.keys').count()).toBe(0);
const recent = (page: Page): Promise<string | null> => page.evaluate(() => localStorage.getItem('recent'));

describe('keys', () => {
  test('? shows them, and Escape gives the focus back', async () => {
    const page = await reader.open(saga);
    const link = page.locator('.sidebar a').first();
    await link.focus();
    await page.keyboard.press('?');
    await page.locator(sheet).waitFor();
    expect(await page.locator(sheet).innerText()).toMatch(/Search[\s\S]*Cite this page[\s\S]*Map[\s\S]*Glossary/);
    await page.keyboard.press('Escape');
    await page.locator(sheet).waitFor({ state: 'detached' });
    expect(await link.evaluate((element) => element === document.activeElement)).toBe(true);
  });

  test('/ opens the search, without a stroke in its box; g and m lead to the map', async () => {
    const page = await reader.open(saga);
    await page.keyboard.press('/');
    await page.locator('dialog[open] input[type=search]').waitFor();
    expect(await page.locator('dialog[open] input[type=search]').inputValue()).toBe('');
    // In the box they are letters.
    await page.keyboard.type('gm?');
    expect(await page.locator('dialog[open] input[type=search]').inputValue()).toBe('gm?');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await allClosed(page);
    await page.keyboard.press('m');
    expect(new URL(page.url()).pathname).toBe(saga);
    await page.keyboard.press('g');
    await page.keyboard.press('m');
    await page.waitForURL('**/map/');
  });

  test('with a modifier they are not ours', async () => {
    const page = await reader.open(saga);
    for (const key of ['Control+/', 'Alt+?', 'Meta+/']) await page.keyboard.press(key);
    await page.waitForTimeout(300);
    expect(await page.locator('dialog[open]').count()).toBe(0);
  });

  test('can be switched off, all of them but Ctrl K, and on again', async () => {
    const page = await reader.open(saga);
    await page.keyboard.press('?');
    await page.getByRole('checkbox', { name: /^Single keys/ }).uncheck();
    await page.keyboard.press('Escape');
    await page.reload({ waitUntil: 'networkidle' });
    for (const key of ['?', '/', 'c', 'g', 'm']) await page.keyboard.press(key);
    await page.waitForTimeout(500);
    expect(await page.locator('dialog[open], cite-menu details[open]').count()).toBe(0);
    expect(new URL(page.url()).pathname).toBe(saga);
    await page.keyboard.press('Control+k');
    await page.locator('dialog[open]').getByRole('button', { name: 'Keys' }).click();
    await page.getByRole('checkbox', { name: /^Single keys/ }).check();
    await page.keyboard.press('Escape');
    await allClosed(page);
    await page.keyboard.press('/');
    await page.locator('dialog[open] input[type=search]').waitFor();
  });

  test('axe finds nothing in their sheet, in both themes at 320 pixels', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      const page = await reader.open(saga, { viewport: { width: 320, height: 700 }, colorScheme, reducedMotion: 'reduce' });
      await page.keyboard.press('?');
      await page.locator(sheet).waitFor();
      expect(await violations(page)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
      await page.context().close();
    }
  }, 120_000);
});

describe('what was read', () => {
  test('is shown before a search and on the first page, newest first, and can be cleared', async () => {
    const page = await reader.open(saga);
    await page.goto('/patterns/cqrs/', { waitUntil: 'networkidle' });
    await page.goto('/patterns/', { waitUntil: 'networkidle' });
    await page.keyboard.press('Control+k');
    const list = page.locator('dialog[open] .palette-recent');
    await list.waitFor();
    expect(await list.locator('li').allInnerTexts()).toEqual(['CQRS', 'Saga']);
    expect(await list.locator('li a').first().getAttribute('href')).toBe('/patterns/cqrs/');
    await page.keyboard.type('retry');
    await list.waitFor({ state: 'hidden' });
    await page.goto('/', { waitUntil: 'networkidle' });
    const first = page.locator('.recent');
    expect(await first.locator('li').allInnerTexts()).toEqual(['CQRS', 'Saga']);
    expect(await violations(page)).toEqual([]);
    await first.getByRole('button', { name: 'Clear' }).click();
    expect(await recent(page)).toBeNull();
    expect(await first.locator('li').count()).toBe(0);
    expect(await page.evaluate(() => document.activeElement?.tagName), 'the focus is not lost').toBe('INPUT');
    await page.reload({ waitUntil: 'networkidle' });
    expect(await first.isVisible()).toBe(false);
  }, 120_000);

  test('is neither kept nor shown once it is switched off', async () => {
    const page = await reader.open(saga);
    expect(await recent(page)).toContain('Saga');
    await page.keyboard.press('Control+k');
    await page.goto('/', { waitUntil: 'networkidle' });
    await page.getByRole('checkbox', { name: 'Note on this device what I read' }).uncheck();
    expect(await recent(page)).toBe('off');
    await page.goto('/patterns/cqrs/', { waitUntil: 'networkidle' });
    expect(await recent(page)).toBe('off');
    await page.goto('/', { waitUntil: 'networkidle' });
    await page.getByRole('checkbox', { name: 'Note on this device what I read' }).check();
    expect(await recent(page)).toBeNull();
  });

  test('holds eight pages at most, each once', async () => {
    const page = await reader.open(saga);
    await page.evaluate(() => { localStorage['recent'] = JSON.stringify([['/patterns/saga/', 'Saga'], ...Array.from({ length: 7 }, (_, index) => [`/patterns/p${index}/`, `P${index}`])]); });
    await page.goto('/patterns/cqrs/', { waitUntil: 'networkidle' });
    const kept = JSON.parse(await recent(page) ?? '[]') as [string, string][];
    expect(kept.map(([, title]) => title)).toEqual(['CQRS', 'Saga', 'P0', 'P1', 'P2', 'P3', 'P4', 'P5']);
  });

  test('a version, a list and a page about the house are not noted', async () => {
    const page = await reader.open('/patterns/saga/1.0/');
    for (const address of ['/patterns/', '/contribute/', '/glossary/']) await page.goto(address, { waitUntil: 'networkidle' });
    expect(await recent(page)).toBeNull();
  });
});

describe('along a guide', () => {
  const guide = '/guides/one-slow-service/';

  test('next and previous are its stops, for who came from it', async () => {
    const page = await reader.open(guide);
    await page.locator('.page-title a[href="/patterns/retry-with-backoff/"]').click();
    const steps = page.locator('nav[aria-label="Along the guide"]');
    await steps.waitFor();
    expect(await steps.locator('[rel=next]').getAttribute('href')).toBe('/patterns/circuit-breaker/');
    await steps.locator('[rel=next]').click();
    await page.waitForURL('**/patterns/circuit-breaker/');
    await steps.waitFor();
    expect(await steps.locator('[rel=prev]').getAttribute('href')).toBe('/patterns/retry-with-backoff/');
    expect(await page.locator('.steps').count()).toBe(1);
    for (const stop of ['bulkhead', 'cache-fallback']) {
      await steps.locator('[rel=next]').click();
      await page.waitForURL(`**/patterns/${stop}/`);
      await steps.waitFor();
    }
    expect(await steps.locator('[rel=next]').getAttribute('href')).toBe(guide);
  }, 120_000);

  test('who came from elsewhere gets the category', async () => {
    const page = await reader.open('/guides/one-slow-service/');
    await page.locator('.page-title a[href="/patterns/bulkhead/"]').click();
    await page.locator('nav[aria-label="Along the guide"]').waitFor();
    await page.locator('.site-nav a[href="/map/"]').click();
    await page.waitForURL('**/map/');
    await page.goto('/patterns/bulkhead/', { waitUntil: 'networkidle' });
    expect(await page.locator('nav[aria-label="Along the guide"]').count()).toBe(0);
    expect(await page.locator('.steps [rel=prev], .steps [rel=next]').count()).toBeGreaterThan(0);
  });
});
