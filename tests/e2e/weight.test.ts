/** What a page costs before and after the reader does something: design budgets, brotli as a static host sends it. */
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { brotliCompressSync } from 'node:zlib';
import type { Browser, Locator, Page, Response } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchBrowser } from '../../scripts/browser.ts';
import { pageAt, pages } from '../site/built-site.ts';
import { origin, useReader } from './reader.ts';
import { slowLine } from './slow-line.ts';

const reader = useReader();
/** For pages that come by way of the slow line. */
let browser: Browser;
let slow: string;
let line: Server;
beforeAll(async () => {
  browser = await launchBrowser();
  line = slowLine(origin);
  await new Promise<void>((resolve) => { line.listen(0, '127.0.0.1', resolve); });
  slow = `http://127.0.0.1:${(line.address() as AddressInfo).port}`;
});
afterAll(async () => {
  await browser.close();
  line.close();
});
const kilobyte = 1024;
/** A page that has asked for nothing for so long asks for nothing more. */
const quietMs = 1000;
/** Where the line cuts a page, a word of which half has come may move on: 0.00003 on the home page. A button that makes room for the next one is 0.0005. */
const cutWord = 0.0001;

interface Cost { requests: number; bytes: number; list: string[] }

describe('before a reader does anything', () => {
  test('a pattern page costs at most 30 KB and 8 requests, without fonts', async () => {
    const patterns = pages.filter(({ address }) => /^\/patterns\/[^/]+\/$/.test(address));
    expect(patterns.length).toBeGreaterThan(0);
    for (const { address } of patterns) {
      const cost = await costOf(address);
      expect(cost.bytes, `${address}\n${cost.list.join('\n')}`).toBeLessThanOrEqual(30 * kilobyte);
      expect(cost.requests, `${address}\n${cost.list.join('\n')}`).toBeLessThanOrEqual(8);
    }
    // A fresh browser context for each.
  }, 300_000);

  test('the home page costs at most 30 KB without fonts', async () => {
    const cost = await costOf('/');
    expect(cost.bytes, cost.list.join('\n')).toBeLessThanOrEqual(30 * kilobyte);
  });

  test('the map costs at most 19.5 KB and 155 bytes a relation without fonts', async () => {
    const cost = await costOf('/map/');
    const relations = pageAt('/map/').document.querySelectorAll('tr.line').length;
    expect(relations).toBeGreaterThan(0);
    expect(cost.bytes, cost.list.join('\n')).toBeLessThanOrEqual(19.5 * kilobyte + 155 * relations);
  });

  test('the finder costs at most 30 KB without fonts', async () => {
    const cost = await costOf('/find/');
    expect(cost.bytes, cost.list.join('\n')).toBeLessThanOrEqual(30 * kilobyte);
  });
});

describe('when a reader goes to the box', () => {
  const box = (page: Page): Locator => page.locator('form[action="/find/"] [name="q"]');

  test('the index and the script of the finder cost at most 37 KB more', async () => {
    const cost = await costOf('/find/', async (page) => box(page).focus());
    expect(cost.list.join('\n')).toContain('/find/index.json');
    expect(cost.bytes, cost.list.join('\n')).toBeLessThanOrEqual(37 * kilobyte);
  });

  test('what tells why, with the first answer, costs at most 6 KB more, and the sentences of the patterns 27 KB', async () => {
    const [focused, asked] = [await costOf('/find/', async (page) => box(page).focus()), await costOf('/find/', async (page) => {
      await box(page).fill('customers are charged twice');
      await page.locator('.finder-answer a').first().waitFor();
    })];
    const answerBytes = asked.list.filter((line) => line.includes('/find/answers/')).reduce((sum, line) => sum + Number.parseInt(line, 10), 0);
    expect(answerBytes).toBeGreaterThan(0);
    const list = asked.list.join('\n');
    const why = asked.bytes - answerBytes - focused.bytes;
    expect(why, list).toBeGreaterThan(0);
    expect(why, list).toBeLessThanOrEqual(6 * kilobyte);
    // The sentences of those that are shown, and of at most four that are not.
    expect(answerBytes, list).toBeLessThanOrEqual(9 * 3 * kilobyte);
  });
});

describe('nothing moves while a page loads', () => {
  for (const address of ['/', '/find/', '/map/', '/patterns/', '/patterns/api-gateway/', '/problems/a-retry-repeats-a-side-effect/']) {
    test(`${address}: layout shift is 0, wide and narrow, in pieces on a slow line`, async () => {
      const shifts: string[] = [];
      for (const width of [1280, 390]) shifts.push(...(await shiftsOf(`${slow}${address}`, width)).map((shift) => `${width}: ${shift}`));
      expect(shifts).toEqual([]);
    });
  }
});

/** By what, and from where to where: left and top. */
async function shiftsOf(address: string, width: number): Promise<string[]> {
  const page = await browser.newPage({ viewport: { width, height: 800 } });
  await page.addInitScript((least) => {
    const store = window as unknown as { shifts: string[] };
    store.shifts = [];
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as (PerformanceEntry & { value: number; hadRecentInput: boolean; sources?: { node?: Node; previousRect: DOMRect; currentRect: DOMRect }[] })[]) {
        if (entry.hadRecentInput || entry.value <= least) continue;
        store.shifts.push(`${entry.value.toFixed(5)} ${entry.sources?.map(({ node, previousRect: from, currentRect: to }) => `${node instanceof Element ? `${node.tagName}.${node.className}` : node?.nodeName} ${from.x},${from.y} to ${to.x},${to.y}`).join('; ')}`);
      }
    }).observe({ type: 'layout-shift', buffered: true });
  }, cutWord);
  await page.goto(address, { waitUntil: 'networkidle' });
  await page.waitForTimeout(300);
  const seen = await page.evaluate(() => (window as unknown as { shifts: string[] }).shifts);
  await page.close();
  return seen;
}

/** Costs of the page load, or, with `act`, only of what it sets off. */
async function costOf(address: string, act?: (page: Page) => Promise<void>): Promise<Cost> {
  const page = await reader.newPage();
  let responses: Response[] = [];
  let [underWay, lastMs] = [0, 0];
  page.on('request', () => { underWay += 1; });
  const ended = (): void => { [underWay, lastMs] = [underWay - 1, performance.now()]; };
  page.on('requestfinished', ended);
  page.on('requestfailed', ended);
  page.on('response', (response) => responses.push(response));
  await page.goto(address, { waitUntil: 'networkidle' });
  if (act !== undefined) {
    responses = [];
    await act(page);
    lastMs = performance.now();
    // Playwright's "networkidle" is of the page alone, and long past.
    await expect.poll(() => underWay === 0 && performance.now() - lastMs > quietMs, { timeout: 20_000 }).toBe(true);
  }
  const counted = responses.filter((response) => response.request().resourceType() !== 'font' && response.url().startsWith('http') && !/favicon|robots/.test(response.url()));
  const sizes = await Promise.all(counted.map(async (response) => ({ path: new URL(response.url()).pathname, bytes: brotliCompressSync(await response.body()).length })));
  await page.context().close();
  return {
    requests: sizes.length,
    bytes: sizes.reduce((sum, { bytes }) => sum + bytes, 0),
    list: sizes.map(({ path, bytes }) => `  ${String(bytes).padStart(6)} ${path}`),
  };
}
