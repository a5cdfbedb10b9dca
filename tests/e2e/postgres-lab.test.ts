/** PostgreSQL in the page: nothing before the click, the lost and the doubled message in its tables, and an end to it. */
import type { Locator, Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { violations } from './axe-violations.ts';
import { useReader } from './reader.ts';

const reader = useReader();
const startTimeoutMs = 120_000;

describe('the outbox on PostgreSQL', () => {
  test('costs nothing before the click, whose button says the size', async () => {
    const page = await reader.newPage();
    const loaded: string[] = [];
    page.on('request', (request) => loaded.push(request.url()));
    await page.goto('/patterns/transactional-outbox/', { waitUntil: 'networkidle' });
    await page.locator('postgres-lab').scrollIntoViewIfNeeded();
    await page.waitForTimeout(300);
    expect(loaded.filter((url) => /\/postgres\/|postgres-(bench|worker)/.test(url))).toEqual([]);
    expect(await page.locator('postgres-lab').textContent()).toMatch(/\d\.\d MB to load, once/);
  });

  test('shows the lost message, the doubled one, and the tables after each step; by keyboard, and axe finds nothing', async () => {
    const page = await reader.open('/patterns/transactional-outbox/');
    const sizes: number[] = [];
    page.on('response', async (response) => { if (response.url().includes('/postgres/')) sizes.push((await response.request().sizes()).responseBodySize); });
    const lab = await started(page);
    const promised = Number(await lab.getAttribute('data-bytes'));

    await choose(page, lab, 'After the commit, before the event is published');
    expect(await lab.getByRole('status').first().textContent()).toMatch(/Publish after the commit: In the end: an order without a parcel\. Transactional outbox: In the end: one order, one message, one parcel\./);
    expect(await sheet(lab, 0, 'What shipping received')).toBe('What shipping received: empty');
    expect(await sheet(lab, 1, 'outbox')).toContain('order-1OrderPlacedtrue');

    await choose(page, lab, 'After the event is published, before it is marked');
    expect(await sheet(lab, 1, 'What shipping received')).toMatch(/parcel sent.*dropped, seen before/s);
    await lab.locator('.lab-story').nth(1).getByRole('button', { name: /its mark was rolled back/ }).press('Enter');
    expect(await sheet(lab, 1, 'outbox')).toContain('order-1OrderPlacedfalse');
    expect(await violations(page)).toEqual([]);

    // What came over the wire is what the button said; the small modules come uncompressed.
    expect(sizes.filter((size) => size > 100_000).reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(promised * 1.1);
  }, startTimeoutMs);

  test('answers a statement, survives a wrong one, and can be stopped and started again, at 320 pixels', async () => {
    const page = await reader.open('/patterns/idempotency-key/', { viewport: { width: 320, height: 800 } });
    const lab = await started(page);
    await choose(page, lab, 'After the charge, before the commit');
    await lab.getByText('Ask the tables yourself').click();
    await lab.getByRole('textbox', { name: 'Statement' }).fill('selekt 1');
    await page.keyboard.press('Enter');
    await lab.getByText('syntax error at or near "selekt"').waitFor();
    await lab.getByRole('combobox', { name: 'Tables of' }).selectOption('Idempotency key');
    await lab.getByRole('textbox', { name: 'Statement' }).fill('select count(*) as payments_made from payments');
    await lab.getByRole('button', { name: 'Ask' }).click();
    await lab.getByRole('columnheader', { name: 'payments_made' }).waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
    await lab.getByRole('button', { name: /Stop PostgreSQL/ }).click();
    expect(await lab.getByRole('status').textContent()).toBe('PostgreSQL was stopped.');
    expect(await lab.getByRole('button', { name: 'Start PostgreSQL here' }).isEnabled()).toBe(true);
  }, startTimeoutMs);
});

async function started(page: Page): Promise<Locator> {
  const lab = page.locator('postgres-lab');
  await lab.getByRole('button', { name: 'Start PostgreSQL here' }).press('Enter');
  await lab.getByRole('button', { name: 'Run both' }).waitFor({ timeout: startTimeoutMs });
  return lab;
}

async function choose(page: Page, lab: Locator, point: string): Promise<void> {
  await lab.getByRole('radio', { name: point }).check();
  await lab.getByRole('button', { name: 'Run both' }).press('Enter');
  await page.waitForFunction(() => document.querySelector('.lab-buttons button:disabled') === null && document.querySelectorAll('.lab-story').length === 2);
}

async function sheet(lab: Locator, story: number, title: string): Promise<string> {
  const tables = lab.locator('.lab-story').nth(story).locator('.lab-tables > :is(.lab-sheet, .lab-empty)', { hasText: title });
  return (await tables.first().textContent() ?? '').replaceAll(/\s+/g, ' ');
}
