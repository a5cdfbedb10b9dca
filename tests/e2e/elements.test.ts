/** What each custom element is called, what role it has, and how it says that something changed. How it works is tested beside, by topic. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { root } from '../architecture/repository.ts';
import { useReader } from './reader.ts';

const reader = useReader();
const patient = { timeout: 30_000 };

/** By the name under which it is defined: the page it stands on, and what assistive technology is told there. */
const elements: Record<string, { on: string; tells: (element: Locator, page: Page) => Promise<void> }> = {
  'theme-switch': { on: '/privacy/', tells: async (element) => {
    expect(await element.ariaSnapshot()).toBe('- button "Dark theme"');
    await element.getByRole('button').press('Enter');
    expect(await element.ariaSnapshot()).toBe('- button "Dark theme" [pressed]');
  } },
  'full-text-search': { on: '/privacy/', tells: async (element, page) => {
    const opener = element.getByRole('button', { name: 'Search', exact: true });
    expect([await opener.getAttribute('aria-haspopup'), await opener.getAttribute('aria-keyshortcuts')]).toEqual(['dialog', 'Control+K Meta+K']);
    await opener.press('Enter');
    const dialog = page.getByRole('dialog', { name: /^Search: problems, patterns/ });
    await dialog.getByRole('searchbox', { name: 'A problem, a pattern, or words of a page' }).fill('retry');
    await expect.poll(() => dialog.getByRole('status').textContent(), patient).toMatch(/\d/);
    await dialog.getByRole('radio', { name: /^Data/ }).waitFor();
    expect(await dialog.getByRole('group', { name: 'Only pages about' }).getByRole('radio', { checked: true }).count()).toBe(1);
    expect(await dialog.getByRole('region', { name: 'In the catalogue' }).getByRole('link').count()).toBeGreaterThan(0);
    // The first takes the words away.
    for (const key of ['Escape', 'Escape']) await page.keyboard.press(key);
    await expect.poll(() => page.getByRole('dialog').count()).toBe(0);
    expect(await opener.evaluate((button) => button === document.activeElement)).toBe(true);
  } },
  'reading-level': { on: '/patterns/saga/', tells: async (element, page) => {
    const group = page.getByRole('group', { name: 'How much of the page is open' }).and(element);
    const pressed = (): Promise<string[]> => group.getByRole('button', { pressed: true }).allTextContents();
    expect(await group.getByRole('button').count()).toBe(3);
    expect(await pressed()).toEqual([expect.stringMatching(/^all/)]);
    await group.getByRole('button', { name: '1 min' }).press('Enter');
    await expect.poll(pressed, patient).toEqual(['1 min']);
  } },
  'cite-menu': { on: '/patterns/saga/', tells: async (element, page) => {
    const opener = element.locator('summary');
    expect(await opener.getAttribute('aria-keyshortcuts')).toBe('c');
    expect(await element.ariaSnapshot(), 'its arrow is not read').not.toContain('▾');
    await opener.press('Enter');
    const copy = element.getByRole('button', { name: 'Copy BibTeX' });
    await copy.waitFor();
    expect(await element.getByRole('link', { name: 'BibTeX as .bib' }).count()).toBe(1);
    expect(await element.getByRole('status').textContent()).toBe('');
    await copy.press('Enter');
    await expect.poll(() => element.getByRole('status').textContent(), patient).toMatch(/copied/i);
    await page.keyboard.press('Escape');
    expect(await element.locator('details').getAttribute('open')).toBeNull();
  } },
  'page-contents': { on: '/patterns/saga/', tells: async (element, page) => {
    const current = (): Promise<string[]> => element.getByRole('navigation', { name: 'On this page' }).locator('[aria-current="true"]').allTextContents();
    await element.getByRole('link', { name: 'What to watch' }).press('Enter');
    await expect.poll(current).toEqual(['What to watch']);
    await page.keyboard.press('Control+Home');
    await expect.poll(current).not.toContain('What to watch');
  } },
  'copy-code': { on: '/patterns/saga/', tells: async (element) => {
    const button = element.getByRole('button');
    expect([await button.textContent(), await button.getAttribute('aria-live')]).toEqual(['Copy', 'polite']);
    await button.press('Enter');
    await expect.poll(() => button.textContent()).toBe('Copied');
    await expect.poll(() => button.textContent(), patient).toBe('Copy');
  } },
  'pattern-simulator': { on: '/patterns/saga/', tells: async (element) => {
    await element.scrollIntoViewIfNeeded();
    const playback = element.getByRole('group', { name: 'Playback' });
    await playback.waitFor(patient);
    const names = (of: Locator): Promise<(string | null)[]> => of.evaluateAll((all) => all.map((each) => each.getAttribute('aria-label') ?? each.textContent));
    expect(await names(playback.getByRole('button'))).toEqual(['Play', 'One frame back', 'One frame forward', 'Back to the start']);
    const time = element.getByRole('slider', { name: 'Time', exact: true });
    expect(await time.getAttribute('aria-valuetext')).toMatch(/^\d+ s of 40 s\. /);
    await playback.getByRole('button', { name: 'Play' }).press('Enter');
    await playback.getByRole('button', { name: 'Pause' }).press('Enter');
    expect(await element.locator('input:not([id]):not([aria-label]), select:not([id]):not([aria-label])').count()).toBe(0);
    for (const slider of await element.locator('.sim-controls input[type=range]').all()) expect(await slider.getAttribute('aria-valuetext')).not.toBe('');
    const tries = element.locator('.sim-tries').getByRole('button');
    await tries.nth(1).press('Enter');
    await expect.poll(() => tries.evaluateAll((all) => all.map((each) => each.getAttribute('aria-pressed'))), patient).toEqual(['false', 'true', 'false', 'false']);
    await expect.poll(() => element.getByRole('status').textContent(), patient).toMatch(/\w/);
  } },
  'postgres-lab': { on: '/patterns/transactional-outbox/', tells: async (element) => {
    const opener = element.getByRole('button', { name: 'Start PostgreSQL here' });
    await opener.press('Enter');
    expect(await opener.isDisabled()).toBe(true);
    await element.getByRole('button', { name: 'Run both' }).waitFor({ timeout: 120_000 });
    const places = element.getByRole('radio');
    expect(await places.count()).toBeGreaterThan(1);
    await places.nth(1).check();
    await element.getByRole('button', { name: 'Run both' }).press('Enter');
    await expect.poll(() => element.getByRole('status').first().textContent(), patient).toMatch(/In the end: /);
    const step = element.locator('.lab-story').first().getByRole('button').first();
    await step.press('Enter');
    expect(await step.getAttribute('aria-pressed')).toBe('true');
    expect(await element.locator('.lab-story').first().locator('[aria-pressed="true"]').count()).toBe(1);
  } },
  'problem-finder': { on: '/find/', tells: async (element) => {
    const status = element.getByRole('status').first();
    await element.getByRole('search', { name: 'Find by problem' }).getByRole('searchbox', { name: 'What goes wrong, in your own words' }).fill('customers are charged twice');
    await expect.poll(() => status.textContent(), patient).toMatch(/^\d+ patterns; first: /);
    expect(await element.getByRole('region', { name: 'Answer' }).getByRole('heading', { level: 3 }).count()).toBeGreaterThan(1);
    const row = element.getByRole('complementary', { name: 'Narrow it down' }).locator('fieldset').first();
    const question = await row.locator('legend').textContent() ?? '';
    const asked = element.getByRole('group', { name: question });
    expect(await asked.getByRole('radio', { checked: true }).count()).toBe(1);
    const before = await status.textContent();
    await asked.getByRole('radio', { name: 'Yes', exact: true }).check();
    await expect.poll(() => status.textContent(), patient).not.toBe(before);
    expect(await element.getByRole('group', { name: question }).getByRole('radio', { name: 'Yes', exact: true }).isChecked()).toBe(true);
  } },
  'pattern-comparison': { on: '/compare/?of=saga,cqrs', tells: async (element) => {
    const list = element.getByRole('list', { name: 'Compared patterns' });
    await list.waitFor(patient);
    expect(await list.getByRole('button').evaluateAll((all) => all.map((each) => each.getAttribute('aria-label') ?? each.textContent))).toEqual(['Replace Saga', 'Remove Saga', 'Replace CQRS', 'Remove CQRS']);
    expect(await element.getByRole('searchbox', { name: 'Add a pattern' }).count()).toBe(1);
    expect(await element.getByRole('table', { name: 'Saga, CQRS side by side' }).getByRole('columnheader').count()).toBe(2);
    await list.getByRole('button', { name: 'Remove CQRS' }).press('Enter');
    await expect.poll(() => element.getByRole('status').first().textContent(), patient).toBe('CQRS is taken out. Now there is one.');
  } },
  'relation-map': { on: '/map/', tells: async (element, page) => {
    const group = element.locator('fieldset').filter({ has: page.getByRole('radio', { name: /^Requires/ }) });
    expect(await element.getByRole('group', { name: await group.locator('legend').textContent() ?? '' }).and(group).count()).toBe(1);
    expect(await group.getByRole('radio', { checked: true }).count()).toBe(1);
    await group.getByRole('radio', { name: /^Requires/ }).check();
    await expect.poll(() => element.getByRole('status').textContent()).toMatch(/^\d+ of \d+ relations$/);
    expect(await element.getByRole('combobox').count()).toBe(1);
  } },
  'keep-offline': { on: '/offline/', tells: async (element, page) => {
    const region = element.getByRole('region', { name: 'On this device' });
    await expect.poll(() => region.getByRole('status').textContent()).toMatch(/^Nothing of the atlas is kept/);
    const names = (): Promise<string[]> => region.getByRole('button').allTextContents();
    await expect.poll(names).toEqual(['Keep this catalogue on my device', expect.stringMatching(/^Keep it with PostgreSQL/)]);
    // A host that takes its time.
    await page.route('**/offline.json', () => {});
    await region.getByRole('button', { name: /^Keep this catalogue/ }).press('Enter');
    await expect.poll(() => region.getByRole('status').textContent()).toBe('Fetching …');
    expect(await names()).toEqual(['Stop']);
    expect(await region.getByRole('button', { name: 'Stop' }).evaluate((button) => button === document.activeElement)).toBe(true);
    expect(await region.locator('progress').getAttribute('aria-label')).toBe('Kept so far');
  } },
  'nearest-pages': { on: '/patterns/sagaa/', tells: async (element, page) => {
    expect(await page.getByRole('status').and(element).count()).toBe(1);
    await expect.poll(() => element.ariaSnapshot(), patient).toMatch(/^- status:\n {2}- paragraph:\n {4}- text: Did you mean\n {4}- link "Saga":/);
  } },
};

describe('assistive technology is told', () => {
  for (const [name, { on, tells }] of Object.entries(elements)) {
    test(`what <${name}> is and how it stands`, async () => {
      const page = await reader.newPage({ permissions: ['clipboard-read', 'clipboard-write'] });
      await page.goto(on);
      await tells(page.locator(name).first(), page);
    }, 150_000);
  }
});

test('no element is left out', () => {
  const folders = ['src/elements', 'src/components'].map((folder) => join(root, folder));
  const sources = folders.flatMap((folder) => readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => /\.(ts|astro)$/.test(file)).map((file) => readFileSync(join(folder, file), 'utf8')));
  const defined = sources.flatMap((text) => [...text.matchAll(/customElements\.define\('([^']+)'/g)].map(([, name]) => name));
  expect(Object.keys(elements).sort()).toEqual([...new Set(defined)].sort());
});
