/** Comparing patterns by keyboard, by screen reader, by address, and without a script. */
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { siteText } from '../site/built-site.ts';
import { violations } from './axe-violations.ts';
import { origin, useReader } from './reader.ts';

const reader = useReader();
const soon = { timeout: 15_000 };
const clipboard = { permissions: ['clipboard-read', 'clipboard-write'] };

const search = (page: Page): string => new URL(page.url()).search;
const columns = (page: Page): Promise<string[]> => page.locator('.comparison thead th').evaluateAll((heads) => heads.map((head) => `${head.querySelector('.badge')?.textContent} ${head.querySelector('a')?.textContent ?? head.childNodes[2]?.textContent}`));
const status = (page: Page): Promise<string> => page.locator('pattern-comparison [role=status]').innerText();
const box = (page: Page) => page.getByRole('searchbox', { name: /Add a pattern|Replace .* by|Set another/ });
const copied = (page: Page): Promise<string> => page.evaluate(() => navigator.clipboard.readText());

async function pick(page: Page, typed: string): Promise<void> {
  await box(page).fill(typed);
  await page.locator('.picker-found li').first().waitFor();
  await page.keyboard.press('Enter');
}

describe('by keyboard', () => {
  test('patterns are picked, replaced and taken out, each step stands in the address, and back undoes it', async () => {
    const page = await reader.open('/compare/');
    await box(page).focus();
    await pick(page, 'saga');
    await expect.poll(() => search(page), soon).toBe('?of=saga');
    await page.getByText('Which pattern shall stand beside Saga?').waitFor();
    // Another name of it, found by arrows.
    await box(page).fill('outbox');
    await page.locator('.picker-found li').first().waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await expect.poll(() => columns(page), soon).toEqual(['A Saga', 'B Transactional Outbox']);
    await expect.poll(() => status(page), soon).toBe('Transactional Outbox is added. Now 2 are compared.');
    expect(await box(page).evaluate((input) => input === document.activeElement)).toBe(true);
    await pick(page, 'cqrs');
    await expect.poll(() => columns(page), soon).toEqual(['A Saga', 'B Transactional Outbox', 'C CQRS']);

    await page.getByRole('button', { name: 'Replace Saga' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('searchbox', { name: 'Replace Saga by' }).waitFor();
    await pick(page, 'event sourcing');
    await expect.poll(() => columns(page), soon).toEqual(['A Event Sourcing', 'B Transactional Outbox', 'C CQRS']);
    expect(search(page)).toBe('?of=event-sourcing,transactional-outbox,cqrs');

    await page.getByRole('button', { name: 'Remove CQRS' }).focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => columns(page), soon).toEqual(['A Event Sourcing', 'B Transactional Outbox']);
    // The focus is not lost with the button.
    expect(await box(page).evaluate((input) => input === document.activeElement)).toBe(true);
    expect(await page.getByRole('link', { name: 'a page of their own' }).getAttribute('href')).toBe('/compare/event-sourcing-or-transactional-outbox/');

    await page.goBack();
    await expect.poll(() => columns(page), soon).toEqual(['A Event Sourcing', 'B Transactional Outbox', 'C CQRS']);
    await page.goBack();
    await expect.poll(() => columns(page), soon).toEqual(['A Saga', 'B Transactional Outbox', 'C CQRS']);
    await page.goForward();
    await expect.poll(() => columns(page), soon).toEqual(['A Event Sourcing', 'B Transactional Outbox', 'C CQRS']);
  });

  test('Escape leaves a replacement, and a fifth pattern is refused with words', async () => {
    const page = await reader.open('/compare/?of=saga,cqrs,bulkhead,api-gateway');
    await expect.poll(async () => (await columns(page)).length, soon).toBe(4);
    await page.getByRole('button', { name: 'Replace CQRS' }).click();
    await page.getByRole('searchbox', { name: 'Replace CQRS by' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('searchbox', { name: 'Add a pattern' }).waitFor();
    await pick(page, 'strangler');
    await expect.poll(() => page.locator('.comparison-notes').innerText(), soon).toContain('To see Strangler Fig, replace one of them or take one out.');
    expect(search(page)).toBe('?of=saga,cqrs,bulkhead,api-gateway');
  });
});

describe('the address', () => {
  test('restores a comparison in its order, by any name', async () => {
    const page = await reader.open('/compare/?of=outbox,Saga');
    await expect.poll(() => columns(page), soon).toEqual(['A Transactional Outbox', 'B Saga']);
    expect(search(page)).toBe('?of=transactional-outbox,saga');
    expect(await page.title()).toContain('Transactional Outbox or Saga');
    expect(await page.locator('.pairs-section:visible').count()).toBe(0);
    await page.reload();
    await expect.poll(() => columns(page), soon).toEqual(['A Transactional Outbox', 'B Saga']);
  });

  test('a name that nobody bears is named, with what may be meant, and nothing is lost', async () => {
    const page = await reader.open('/compare/?of=saga,cqsr,cirkuit-breaker');
    await page.getByText('No pattern of the catalogue is called “cirkuit-breaker”').waitFor();
    expect(search(page)).toBe('?of=saga,cqsr,cirkuit-breaker');
    await page.getByRole('button', { name: 'CQRS', exact: true }).click();
    await expect.poll(() => columns(page), soon).toEqual(['A Saga', 'B CQRS']);
    expect(search(page)).toBe('?of=saga,cqrs,cirkuit-breaker');
    await page.getByRole('button', { name: 'Leave it out' }).click();
    await expect.poll(() => search(page), soon).toBe('?of=saga,cqrs');
    await expect.poll(() => page.locator('.note').count(), soon).toBe(0);
  });

  test('five patterns show four and say which one waits', async () => {
    const page = await reader.open('/compare/?of=saga,cqrs,bulkhead,api-gateway,strangler-fig');
    await expect.poll(async () => (await columns(page)).length, soon).toBe(4);
    expect(await page.locator('.comparison-notes').innerText()).toContain('Not shown until one is taken out: Strangler Fig.');
    await page.getByRole('button', { name: 'Remove Saga' }).click();
    await expect.poll(() => columns(page), soon).toEqual(['A CQRS', 'B Bulkhead', 'C API Gateway', 'D Strangler Fig']);
  });

  test('markup in it stays text', async () => {
    const page = await reader.open(`/compare/?of=saga,${encodeURIComponent('<img src=x onerror="document.title=1">')}`);
    await page.getByText('No pattern of the catalogue is called “<img').waitFor();
    expect(await page.locator('pattern-comparison img').count()).toBe(0);
  });

  test('what cannot be fetched can be tried again', async () => {
    const page = await reader.newPage();
    let blocked = true;
    await page.route('**/find/compared/cqrs.json', (route) => (blocked ? route.fulfill({ status: 200, contentType: 'text/plain', body: 'no JSON' }) : route.continue()));
    await page.goto('/compare/?of=saga,cqrs');
    await page.getByText('The patterns could not be fetched.').waitFor();
    blocked = false;
    await page.getByRole('button', { name: 'Try again' }).click();
    await expect.poll(() => columns(page), soon).toEqual(['A Saga', 'B CQRS']);
  });
});

describe('taken along', () => {
  test('the Markdown of two alternatives is what their page serves', async () => {
    const page = await reader.open('/compare/event-sourcing-or-transactional-outbox/', clipboard);
    await page.getByRole('button', { name: 'Copy as Markdown' }).click();
    await expect.poll(() => page.locator('[data-do=markdown]').innerText(), soon).toBe('Copied');
    const served = siteText('compare/event-sourcing-or-transactional-outbox/index.md');
    const [, forces = ''] = (await copied(page)).split('\n## Forces\n');
    expect(forces.length).toBeGreaterThan(1_000);
    expect(served).toContain(forces.trimEnd().replaceAll(`${origin}/`, 'https://pattern-atlas.github.io/'));
  });

  test('a decision record names all options, and closing it gives the focus back', async () => {
    const page = await reader.open('/compare/?of=saga,cqrs,event-sourcing', clipboard);
    await expect.poll(async () => (await columns(page)).length, soon).toBe(3);
    await page.getByRole('button', { name: 'Start a decision record' }).focus();
    await page.keyboard.press('Enter');
    const text = page.getByRole('textbox', { name: 'Decision record in Markdown' });
    await text.waitFor();
    expect(await text.inputValue()).toContain('## Considered Options\n\n* Saga\n* CQRS\n* Event Sourcing\n');
    await page.getByRole('dialog').getByRole('button', { name: 'Copy' }).click();
    await expect.poll(() => copied(page), soon).toBe(await text.inputValue());
    await page.keyboard.press('Escape');
    await expect.poll(() => page.getByRole('button', { name: 'Start a decision record' }).evaluate((element) => element === document.activeElement), soon).toBe(true);
  });

  test('a name typed faster than the names arrive is the one that Enter takes', async () => {
    const page = await reader.newPage();
    await page.route('**/find/names.json', async (route) => {
      await new Promise((resolve) => { setTimeout(resolve, 1500); });
      await route.continue();
    });
    await page.goto('/compare/');
    const asked = page.waitForRequest('**/find/names.json');
    await box(page).focus();
    await asked;
    await page.keyboard.type('cqrs');
    await page.keyboard.press('Enter');
    await expect.poll(() => search(page), { timeout: 8000 }).toBe('?of=cqrs');
  });

  test('the link is the address', async () => {
    const page = await reader.open('/compare/?of=saga,cqrs', clipboard);
    await expect.poll(async () => (await columns(page)).length, soon).toBe(2);
    await page.getByRole('button', { name: 'Copy link' }).click();
    await expect.poll(() => copied(page), soon).toBe(`${origin}/compare/?of=saga,cqrs`);
  });
});

describe('a page of two alternatives', () => {
  const pair = '/compare/event-sourcing-or-transactional-outbox/';

  test('fetches nothing of the picker before a reader goes there, and goes on where all comparisons are', async () => {
    const page = await reader.newPage();
    const asked: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await page.goto(pair, { waitUntil: 'networkidle' });
    expect(asked.filter((path) => /\/find\/|comparison-desk/.test(path))).toEqual([]);
    await box(page).focus();
    await pick(page, 'cqrs');
    await page.waitForURL(/\/compare\/\?of=/);
    await expect.poll(() => columns(page), soon).toEqual(['A Event Sourcing', 'B Transactional Outbox', 'C CQRS']);
  });

  test('is complete without a script, and offers nothing there that would need one', async () => {
    const page = await reader.open(pair, { javaScriptEnabled: false });
    expect(await page.locator('.deciding').innerText()).toContain('Event Sourcing if');
    expect(await page.locator('.comparison tbody tr').count()).toBeGreaterThan(15);
    expect(await page.locator('.picker').isVisible()).toBe(false);
    expect(await page.locator('.comparison-actions').isVisible()).toBe(false);
    await page.getByLabel('Hide what is the same for all').check();
    expect(await page.locator('tr.same').first().isVisible()).toBe(false);
    await page.getByRole('link', { name: 'All comparisons' }).click();
    expect(await page.locator('.pairs li').count()).toBeGreaterThan(10);
  });

  test('keeps the names in sight while its rows scroll', async () => {
    const page = await reader.open(pair);
    await page.locator('#sources').scrollIntoViewIfNeeded();
    await page.evaluate(() => scrollBy(0, 200));
    const { y = -1 } = await page.locator('.comparison thead th').first().boundingBox() ?? {};
    expect(y).toBeGreaterThanOrEqual(0);
    expect(y).toBeLessThan(120);
  });
});

describe('on every screen', () => {
  const addresses = ['/compare/', '/compare/?of=saga,transactional-outbox,cqrs,nothing-such', '/compare/event-sourcing-or-transactional-outbox/', '/compare/choreography-or-orchestration/', '/problems/a-business-transaction-spans-services/'];

  test.each(addresses)('%s: axe finds nothing in both themes, and nothing scrolls sideways at 320 pixels', async (address) => {
    const found: string[] = [];
    for (const colorScheme of ['light', 'dark'] as const) {
      for (const width of [1280, 320]) {
        const page = await reader.open(address, { colorScheme, viewport: { width, height: 900 }, reducedMotion: 'reduce' });
        if (address.includes('?')) await page.locator('.comparison').waitFor();
        found.push(...(await violations(page)).map((violation) => `${colorScheme}, ${width}: ${violation}`));
        const wide = await page.evaluate(() => document.documentElement.scrollWidth);
        if (wide > width) found.push(`${width}: the page is ${wide} wide`);
        await page.context().close();
      }
    }
    expect(found).toEqual([]);
  }, 240_000);

  test('at 320 pixels each part says whose it is', async () => {
    const page = await reader.open('/compare/event-sourcing-or-transactional-outbox/', { viewport: { width: 320, height: 900 } });
    const labels = await page.locator('.comparison td[data-label]').evaluateAll((cells) => cells.map((cell) => getComputedStyle(cell, '::before').content));
    expect(labels.length).toBeGreaterThan(20);
    expect(new Set(labels.map((label) => label.replaceAll(/["\s]+/g, ' ').trim()))).toEqual(new Set(['Event Sourcing', 'Transactional Outbox']));
  });

  test('the open picker has nothing that axe finds', async () => {
    const page = await reader.open('/compare/?of=saga');
    await box(page).focus();
    await page.locator('.picker-found li').first().waitFor();
    expect(await violations(page)).toEqual([]);
  });
});

describe('the ways to it', () => {
  test('lead from a pattern, a problem, the finder and the palette', async () => {
    const page = await reader.open('/patterns/event-sourcing/');
    expect(await page.locator('.related a[href="/compare/event-sourcing-or-transactional-outbox/"]').innerText()).toBe('Side by side');
    expect(await page.getByRole('link', { name: 'Compare with …' }).getAttribute('href')).toBe('/compare/?of=event-sourcing');
    await page.goto('/problems/a-business-transaction-spans-services/');
    await page.getByRole('link', { name: 'Compare the first 4 patterns side by side' }).click();
    await expect.poll(() => columns(page), soon).toHaveLength(4);
    await page.goto('/find/?q=customers+are+charged+twice');
    const way = page.getByRole('link', { name: /^Compare (these|the first 4)$/ });
    await way.waitFor();
    expect(await way.getAttribute('href')).toMatch(/^\/compare\/\?of=[a-z-]+(,[a-z-]+)+$/);
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog').getByRole('link', { name: 'Compare patterns' }).waitFor();
  });
});
