/** A reader of the site below a path: finder, palette, simulator, code that runs. */
import { expect, test } from 'vitest';
import { origin, useReader } from '../e2e/reader.ts';
import { siteBase } from '../site/site-folder.ts';

const reader = useReader();
const startTimeoutMs = 120_000;
const below = (path: string): string => siteBase + path.slice(1);

test('the box on the home page leads to the finder, and its answer to the page', async () => {
  const page = await reader.open(below('/'));
  await page.locator('[name="q"]').fill('customers are charged twice when the client retries');
  await page.locator('[name="q"]').press('Enter');
  const answer = page.locator('.finder-answer h3 a').first();
  await answer.waitFor();
  expect(new URL(page.url()).pathname).toBe(below('/find/'));
  expect(await answer.getAttribute('href')).toBe(below('/patterns/idempotency-key/'));
  await answer.click();
  await page.waitForURL(`${origin}${below('/patterns/idempotency-key/')}`);
});

test('the palette finds pages by name and by their text', async () => {
  const page = await reader.open(below('/problems/a-retry-repeats-a-side-effect/'));
  await page.keyboard.press('Control+k');
  await page.keyboard.type('fuse');
  await page.locator('dialog[open] ol a').first().waitFor();
  expect(await page.locator('dialog[open] ol a').first().getAttribute('href')).toBe(below('/patterns/circuit-breaker/'));
  await page.locator('dialog[open] .palette-catalogue a').first().click();
  await page.waitForURL(`${origin}${below('/patterns/')}**`);
  expect(await page.locator('h1').count()).toBe(1);
});

test('the simulator computes, and code that was opened in the editor runs', async () => {
  const page = await reader.open(below('/patterns/circuit-breaker/'));
  await page.locator('pattern-simulator').scrollIntoViewIfNeeded();
  await page.locator('pattern-simulator[data-live]').waitFor();
  await page.getByRole('button', { name: /^Edit the code/ }).click();
  await page.locator('.cm-content').waitFor();
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await page.getByText('Your version has run').waitFor();
  expect(await page.locator('nav.sidebar a[aria-current="page"]').getAttribute('href')).toBe(below('/patterns/circuit-breaker/'));
});

test('PostgreSQL starts in the page', async () => {
  const page = await reader.open(below('/patterns/idempotency-key/'));
  const lab = page.locator('postgres-lab');
  await lab.getByRole('button', { name: 'Start PostgreSQL here' }).press('Enter');
  await lab.getByRole('button', { name: 'Run both' }).waitFor({ timeout: startTimeoutMs });
}, startTimeoutMs);

test('the catalogue is kept for this path alone, and removed', async () => {
  const page = await reader.open(below('/offline/'));
  await page.getByRole('button', { name: /^Keep this catalogue/ }).press('Enter');
  await page.locator('.keep-state').filter({ hasText: /^Done\. / }).waitFor({ timeout: startTimeoutMs });
  const kept = (path: string): Promise<[string[], boolean]> => page.evaluate(async (address) => [
    (await navigator.serviceWorker.getRegistrations()).map(({ scope }) => new URL(scope).pathname), await caches.match(address) !== undefined,
  ], below(path));
  expect(await kept('/patterns/saga/')).toEqual([[siteBase], true]);
  await page.goto(below('/patterns/saga/'));
  await page.goto(below('/offline/'));
  await page.getByRole('button', { name: /^Remove it/ }).press('Enter');
  await page.locator('.keep-state').filter({ hasText: /^Everything has been removed/ }).waitFor();
  await page.goto(below('/patterns/saga/'));
  expect(await kept('/patterns/saga/')).toEqual([[], false]);
}, startTimeoutMs * 2);
