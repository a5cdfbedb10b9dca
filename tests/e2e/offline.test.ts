/** The catalogue on a reader's device: kept when asked for, read with the host switched off, replaced whole, removed. */
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { launchBrowser } from '../../scripts/browser.ts';
import { violations } from './axe-violations.ts';
import { builtFiles, laterRelease, manifestIn, startHost } from './offline-host.ts';
import type { Host } from './offline-host.ts';

const first = builtFiles();
const later = laterRelease(first);
const longMs = 120_000;
let browser: Browser;
let host: Host;
let context: BrowserContext;
let trouble: string[] = [];

beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser?.close());
afterEach(async () => {
  await context.close();
  await host.off().catch(() => undefined);
  expect(trouble).toEqual([]);
});

async function start(): Promise<Page> {
  host = await startHost(first);
  trouble = [];
  context = await browser.newContext({ baseURL: host.origin, viewport: { width: 1280, height: 900 } });
  context.on('weberror', (error) => trouble.push(`error: ${error.error().message}`));
  context.on('request', (request) => {
    if (!request.url().startsWith(`${host.origin}/`) && !/^(data|blob|about):/.test(request.url())) trouble.push(`request to another host: ${request.url()}`);
  });
  return context.newPage();
}

const stateOf = (page: Page): Promise<string> => page.locator('.keep-state').innerText();
const shelves = (page: Page): Promise<string[]> => page.evaluate(async () => (await caches.keys()).sort());
const workers = (page: Page): Promise<number> => page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length);
const press = (page: Page, name: RegExp): Promise<void> => page.getByRole('button', { name }).press('Enter');

async function keep(page: Page, name = /^Keep this catalogue/): Promise<void> {
  await page.goto('/offline/');
  await press(page, name);
  await expect.poll(() => stateOf(page), { timeout: longMs }).toMatch(/^Done\. /);
}

describe('before a reader asks', () => {
  test('there is no worker and nothing is stored, and the price is told', async () => {
    const page = await start();
    for (const address of ['/', '/find/', '/patterns/saga/', '/offline/']) {
      await page.goto(address, { waitUntil: 'networkidle' });
      expect([await workers(page), await shelves(page)]).toEqual([0, []]);
    }
    expect(host.asked.filter((path) => path.startsWith('/offline.json') || path.startsWith('/offline-worker'))).toEqual([]);
    const files = Object.values(manifestIn(first).parts.catalogue);
    const stored = (files.reduce((sum, [bytes]) => sum + bytes, 0) / 1e6).toFixed(1);
    expect(await page.locator('li:has([data-do="catalogue"]) small').innerText()).toMatch(new RegExp(`^\\d+\\.\\d MB to fetch, ${stored} MB of room$`));
    expect(await page.locator('li:has([data-do="postgres"]) small').innerText()).toMatch(/^\d+\.\d MB more to fetch/);
  });
});

describe('with the host switched off', () => {
  test('pages that were never opened are there, and finder, palette and simulator work', async () => {
    const page = await start();
    await keep(page);
    expect(await stateOf(page)).toContain(`release ${manifestIn(first).release}`);
    expect(await workers(page)).toBe(1);
    await host.off();
    await page.goto('/patterns/circuit-breaker/');
    expect(await page.locator('h1').innerText()).toBe('Circuit Breaker');
    expect(await page.evaluate(() => document.fonts.ready.then(() => [...document.fonts].filter(({ status }) => status === 'error').length))).toBe(0);
    await page.locator('pattern-simulator').scrollIntoViewIfNeeded();
    await page.locator('pattern-simulator[data-live]').waitFor();
    await page.locator('main a[href^="/problems/"]').first().click();
    await page.waitForURL('**/problems/**');
    expect(await page.locator('h1').count()).toBe(1);
    await page.keyboard.press('Control+k');
    await page.keyboard.type('fuse');
    await page.locator('dialog[open] ol a').first().waitFor();
    expect(await page.locator('dialog[open] ol a').first().getAttribute('href')).toBe('/patterns/circuit-breaker/');
    await page.goto('/find/?q=customers%20are%20charged%20twice');
    await page.locator('.finder-answer h3 a').first().waitFor();
    await page.goto('/map/?category=data');
    expect(await page.locator('h1').innerText()).toBe('Map');
    expect(await (await page.goto('/patterns/saga/index.md'))?.text()).toBe(String(first.get('patterns/saga/index.md')));
    // A host leads on to the address with its slash.
    await page.goto('/patterns/saga');
    expect(page.url()).toBe(`${host.origin}/patterns/saga/`);
  }, longMs * 2);

  test('what is not kept says so, lists what can be read, and works itself', async () => {
    const page = await start();
    await keep(page);
    await host.off();
    await page.goto('/patterns/saga/1.0/');
    expect(await page.locator('.keep-missing').innerText()).toContain('/patterns/saga/1.0/ is not kept');
    await page.keyboard.press('Control+k');
    await page.keyboard.type('saga');
    await page.locator('dialog[open] .palette-catalogue a').first().waitFor();
    await page.locator('dialog[open]').getByRole('button', { name: 'Close' }).click();
    await page.locator('.offline-pages a[href="/patterns/saga/"]').click();
    await page.waitForURL('**/patterns/saga/');
    expect(await page.locator('h1').innerText()).toBe('Saga');
  }, longMs * 2);

  test('PostgreSQL starts, when it was kept', async () => {
    const page = await start();
    await keep(page, /^Keep it with PostgreSQL/);
    await host.off();
    await page.goto('/patterns/idempotency-key/');
    const lab = page.locator('postgres-lab');
    await lab.getByRole('button', { name: 'Start PostgreSQL here' }).press('Enter');
    await lab.getByRole('button', { name: 'Run both' }).waitFor({ timeout: longMs });
  }, longMs * 3);

  test('a host that does not answer is not waited for long', async () => {
    const page = await start();
    await keep(page);
    host.stalls = /^\/patterns\//;
    const startMs = Date.now();
    await page.goto('/patterns/bulkhead/', { waitUntil: 'domcontentloaded' });
    expect(Date.now() - startMs).toBeLessThan(15_000);
    expect(await page.locator('h1').innerText()).toBe('Bulkhead');
  }, longMs * 2);
});

describe('a new release', () => {
  test('replaces the old whole; a page of the old goes on with its own files, is told, and loses nothing', async () => {
    const old = await start();
    await keep(old);
    await old.goto('/find/', { waitUntil: 'networkidle' });
    await old.locator('[name="q"]').first().fill('half a question');
    const before = await shelves(old);
    host.serve(later);
    host.asked = [];
    const other = await context.newPage();
    await other.goto('/offline/');
    await press(other, /^Look for a new version/);
    await expect.poll(() => stateOf(other), { timeout: longMs }).toMatch(/^A new version has replaced/);
    expect(await stateOf(other)).toContain(`release ${manifestIn(later).release}`);
    // Fetched is what has other bytes; the rest was copied on the device.
    const changed = Object.entries(manifestIn(later).parts.catalogue).filter(([path, [, hash]]) => manifestIn(first).parts.catalogue[path]?.[1] !== hash).map(([path]) => `/${path}`);
    const unchanged = Object.keys(manifestIn(first).parts.catalogue).filter((path) => path.startsWith('pagefind/fragment/'));
    expect(changed.filter((path) => !host.asked.includes(path))).toEqual([]);
    expect(unchanged.filter((path) => host.asked.includes(`/${path}`))).toEqual([]);

    await old.locator('.kept-notice').getByRole('button', { name: 'Reload this page' }).waitFor();
    expect(await other.locator('.kept-notice').count(), 'a page that is of the new release already is told nothing').toBe(0);
    expect(await old.locator('[name="q"]').first().inputValue()).toBe('half a question');
    expect(await violations(old)).toEqual([]);
    const listed = (page: Page): Promise<string> => page.evaluate(async () => (await fetch('/find/pages.json')).text());
    expect(await listed(old), 'data of its own release').toBe(String(first.get('find/pages.json')));
    const script = [...first.keys()].find((file) => file.startsWith('_astro/Search.'));
    expect(await old.evaluate(async (path) => (await fetch(path)).status, `/${script}`), 'a script that the host has no more').toBe(200);
    expect(await shelves(old)).toHaveLength(2);

    await host.off();
    await other.goto('/patterns/saga/');
    expect(await other.locator('html').getAttribute('data-later')).toBe('yes');
    expect(await listed(other)).toBe(String(later.get('find/pages.json')));
    await old.getByRole('button', { name: 'Reload this page' }).click();
    await expect.poll(() => old.locator('html').getAttribute('data-later')).toBe('yes');
    // Nobody needs the old one any more.
    await other.goto('/patterns/');
    await expect.poll(() => shelves(other)).toHaveLength(1);
    expect(await shelves(other)).not.toEqual(before);
  }, longMs * 3);

  test.each([
    ['a file that cannot be fetched', () => { host.breaks = /^\/patterns\/saga\/$/; }],
    ['a file with other bytes than the list says', () => { later.set('patterns/bulkhead/index.html', Buffer.from('<!doctype html><title>In between</title>')); }],
  ])('%s leaves the old one whole', async (_, breakIt) => {
    const sound = later.get('patterns/bulkhead/index.html') ?? Buffer.of();
    const page = await start();
    await keep(page);
    host.serve(later);
    breakIt();
    await press(page, /^Look for a new version/);
    await expect.poll(() => stateOf(page), { timeout: longMs }).toMatch(/^It was not finished: not all of it could be fetched\. The catalogue is kept: version 0\.1\.0 /);
    await host.off();
    for (const [address, title] of [['/patterns/saga/', 'Saga'], ['/patterns/bulkhead/', 'Bulkhead']] as const) {
      await page.goto(address);
      expect(await page.locator('h1').innerText()).toBe(title);
      expect(await page.locator('html').getAttribute('data-later')).toBeNull();
    }
    // The next attempt takes what arrived.
    later.set('patterns/bulkhead/index.html', sound);
    host.breaks = undefined;
    await host.on();
    await page.goto('/offline/');
    await expect.poll(async () => {
      const state = await stateOf(page);
      const button = page.getByRole('button', { name: /^Look for a new version/ });
      // A press would overwrite what is read here.
      if (!state.includes('0.2.0') && await button.isVisible()) await button.press('Enter');
      return state;
    }, { timeout: longMs, interval: 1000 }).toContain(`release ${manifestIn(later).release}`);
  }, longMs * 3);
});

describe('what goes wrong is said', () => {
  test('a first download that fails installs nothing, and goes on where it ended', async () => {
    const page = await start();
    host.breaks = /^\/patterns\/saga\/$/;
    await page.goto('/offline/');
    await press(page, /^Keep this catalogue/);
    await expect.poll(() => stateOf(page), { timeout: longMs }).toMatch(/^It was not finished: patterns\/saga\/ cannot be fetched \(500\)\. Not all of it has arrived/);
    expect(await workers(page)).toBe(0);
    host.breaks = undefined;
    host.asked = [];
    await press(page, /^Keep this catalogue/);
    await expect.poll(() => stateOf(page), { timeout: longMs }).toMatch(/^Done\. /);
    expect(host.asked.length).toBeLessThan(Object.keys(manifestIn(first).parts.catalogue).length);
  }, longMs * 2);

  test('a device without room', async () => {
    const page = await start();
    await page.goto('/offline/');
    const devtools = await context.newCDPSession(page);
    await devtools.send('Storage.overrideQuotaForOrigin', { origin: host.origin, quotaSize: 5_000_000 });
    await press(page, /^Keep this catalogue/);
    await expect.poll(() => stateOf(page), { timeout: longMs }).toMatch(/^There is not enough room: this browser gives the site \d/);
    expect([await workers(page), await shelves(page)]).toEqual([0, []]);
  }, longMs * 2);
});

describe('for everybody', () => {
  test('removed means all of it: caches and worker', async () => {
    const page = await start();
    await keep(page);
    await page.goto('/patterns/saga/');
    await page.goto('/offline/');
    await press(page, /^Remove it/);
    await expect.poll(() => stateOf(page)).toMatch(/^Everything has been removed\. Nothing of the atlas is kept/);
    await page.goto('/patterns/saga/');
    expect([await workers(page), await shelves(page)]).toEqual([0, []]);
    await host.off();
    expect(await page.goto('/patterns/bulkhead/').catch((error: unknown) => String(error))).toContain('ERR_CONNECTION_REFUSED');
  }, longMs * 2);

  test('by keyboard: the focus stays on a button, and axe finds nothing when all is kept', async () => {
    const page = await start();
    await keep(page);
    expect(await page.evaluate(() => document.activeElement?.closest('.keep-actions') !== null)).toBe(true);
    for (const theme of ['light', 'dark']) {
      for (const width of [1280, 320]) {
        await page.setViewportSize({ width, height: 900 });
        await page.evaluate((name) => { document.documentElement.dataset['theme'] = name; }, theme);
        expect(await violations(page)).toEqual([]);
      }
    }
  }, longMs * 2);

  test('under a policy that lets only files of the site run', async () => {
    const page = await start();
    host.policy = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'";
    await keep(page);
    await page.goto('/patterns/saga/', { waitUntil: 'networkidle' });
    expect(await page.evaluate(() => performance.getEntriesByType('resource').filter(({ name }) => name.includes('kept-notice')).length)).toBe(1);
  }, longMs * 2);
});
