/** What stands around the content: search, theme, copy, contents, phones. */
import { describe, expect, test } from 'vitest';
import { cutRegion } from '../../src/components/regions.ts';
import { pages, siteText } from '../site/built-site.ts';
import { origin, useReader } from './reader.ts';

const reader = useReader();

describe('search', () => {
  test('nothing of it is loaded before it is used', async () => {
    const page = await reader.newPage();
    const requests: string[] = [];
    page.on('request', (request) => requests.push(request.url()));
    await page.goto('/patterns/api-gateway/', { waitUntil: 'networkidle' });
    expect(requests.filter((url) => url.includes('pagefind'))).toEqual([]);
  });

  test('another name finds the pattern: fuse is the circuit breaker', async () => {
    const page = await reader.open('/');
    await page.getByRole('button', { name: /search/i }).first().click();
    await page.locator('dialog[open] input[type="search"]').fill('fuse');
    await page.locator('dialog[open] ol a').first().waitFor();
    expect(await page.locator('dialog[open] ol a').first().getAttribute('href')).toBe('/patterns/circuit-breaker/');
  });

  test('a category narrows it, and counts say by how much', async () => {
    const page = await reader.open('/');
    await page.getByRole('button', { name: /search/i }).first().click();
    await page.locator('dialog[open] input[type="search"]').fill('retry');
    await page.locator('dialog[open] ol a').first().waitFor();
    const all = await page.locator('dialog[open] ol > li').count();
    await page.locator('dialog[open] label').filter({ hasText: /^Observability/ }).click();
    await page.waitForFunction((before) => document.querySelectorAll('dialog[open] ol > li').length < before, all);
    const shown = await page.locator('dialog[open] ol > li').count();
    expect(shown).toBeGreaterThan(0);
    expect(await page.locator('dialog[open] label').filter({ hasText: /^Observability/ }).innerText()).toMatch(new RegExp(`\\b${shown}\\b`));
  });

  test('the keyboard opens it, moves in it, and Escape gives the focus back', async () => {
    const page = await reader.open('/patterns/');
    await page.keyboard.press('Control+k');
    await page.keyboard.type('outbox');
    await page.locator('dialog[open] ol a').first().waitFor();
    // Results may still give way to those of the last letter: then the focus is in the box again, and never outside.
    await expect.poll(async () => {
      await page.keyboard.press('ArrowDown');
      return page.evaluate(() => document.querySelector('dialog[open]')?.contains(document.activeElement) === true && document.activeElement?.tagName);
    }).toBe('A');
    await page.keyboard.press('Escape');
    await expect.poll(() => page.locator('dialog[open]').count()).toBe(0);
  });

  test('results that change give the focus back to the box', async () => {
    const page = await reader.open('/patterns/');
    await page.keyboard.press('Control+k');
    await page.keyboard.type('outbox');
    await page.getByRole('link', { name: /Transactional Outbox/ }).first().waitFor();
    await page.locator('dialog[open] ol a').first().focus();
    await page.evaluate(() => {
      const box = document.querySelector<HTMLInputElement>('dialog[open] input[type="search"]');
      if (box !== null) box.value = 'saga';
      box?.dispatchEvent(new Event('input', { bubbles: true }));
    });
    await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('type'))).toBe('search');
  });

  test('words that no page has get an honest answer', async () => {
    const page = await reader.open('/');
    await page.getByRole('button', { name: /search/i }).first().click();
    await page.locator('dialog[open] input[type="search"]').fill('qqjjkkvv');
    await page.waitForFunction(() => /no page/i.test(document.querySelector('dialog[open]')?.textContent ?? ''));
    expect(await page.locator('dialog[open] ol a').count()).toBe(0);
  });
});

describe('theme', () => {
  test('follows the system, turns on a click, and is remembered', async () => {
    const page = await reader.open('/patterns/api-gateway/', { colorScheme: 'dark' });
    const theme = (): Promise<string | undefined> => page.evaluate(() => document.documentElement.dataset['theme']);
    const paper = (): Promise<string> => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    expect(await theme()).toBe('dark');
    const ink = await paper();
    await page.locator('theme-switch button').first().click();
    expect(await theme()).toBe('light');
    expect(await paper()).not.toBe(ink);
    await page.reload();
    expect(await theme()).toBe('light');
  });
});

describe('links', () => {
  test('a page is fetched when somebody reaches for it, once, and never another site', async () => {
    const page = await reader.open('/patterns/api-gateway/');
    const asked: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    const link = page.locator('nav.sidebar a[href^="/patterns/"]:not([aria-current])').first();
    const address = await link.getAttribute('href');
    await link.hover();
    await expect.poll(() => asked).toEqual([address]);
    await page.locator('h1').hover();
    await link.focus();
    await page.locator('a[href^="https://"]').first().focus();
    await page.waitForTimeout(300);
    expect(asked).toEqual([address]);
  });
});

describe('code', () => {
  test('the copy button copies the region as it stands in the file, with its licence above it', async () => {
    const page = await reader.open('/patterns/api-gateway/', { permissions: ['clipboard-read', 'clipboard-write'] });
    await page.locator('figure.snippet').first().getByRole('button', { name: /copy/i }).click();
    await page.waitForFunction(async () => (await navigator.clipboard.readText()) !== '');
    const file = 'api-gateway/api-gateway.ts';
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(`// SPDX-License-Identifier: MIT\n${cutRegion(file, siteText(`examples/${file}`), 'handle')}`);
  });

  test('the whole file is one click away', async () => {
    const page = await reader.open('/patterns/api-gateway/');
    await page.locator('figure.snippet figcaption a[href*="/code/#"]').first().click();
    await page.waitForURL('**/patterns/api-gateway/code/#**');
    expect(await page.locator('main').innerText()).toContain('api-gateway.test.ts');
  });
});

describe('keyboard', () => {
  test('the first stop skips to the content and is seen', async () => {
    const page = await reader.open('/patterns/api-gateway/');
    await page.keyboard.press('Tab');
    const stop = await page.evaluate(() => {
      const { top, left, width } = document.activeElement?.getBoundingClientRect() ?? { top: -1, left: -1, width: 0 };
      return { href: document.activeElement?.getAttribute('href'), seen: top >= 0 && left >= 0 && width > 0 };
    });
    expect(stop.href).toMatch(/^#/);
    expect(stop.seen).toBe(true);
  });

  test('an address that leads nowhere says so and leads on', async () => {
    const page = await reader.newPage();
    const response = await page.goto('/patterns/no-such-pattern/');
    expect(response?.status()).toBe(404);
    expect(await page.locator('a[href="/find/"], form[action="/find/"]').count()).toBeGreaterThan(0);
    expect(await page.locator('h1').count()).toBe(1);
  });
});

describe('narrow screens', () => {
  test('no page scrolls sideways at 320 pixels, nor at 390', async () => {
    const page = await reader.newPage();
    const wide: string[] = [];
    for (const { address } of pages) {
      await page.setViewportSize({ width: 320, height: 640 });
      await page.goto(address);
      for (const room of [320, 390]) {
        await page.setViewportSize({ width: room, height: 640 });
        const width = await page.evaluate(() => document.documentElement.scrollWidth);
        if (width > room) wide.push(`${address}: ${width} of ${room} pixels`);
      }
    }
    expect(wide).toEqual([]);
    // Every page of the site, one after the other.
  }, 300_000);

  test('the pages of the catalogue are reached from the menu', async () => {
    const page = await reader.open('/patterns/api-gateway/', { viewport: { width: 320, height: 640 } });
    const link = page.locator('a[href="/problems/"]:visible').first();
    if (await link.count() === 0) await page.getByRole('button', { name: /menu/i }).first().click();
    await link.click();
    await page.waitForURL(`${origin}/problems/`);
  });
});
