import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { useReader } from './reader.ts';

const reader = useReader();
const kinds = {
  home: '/',
  finder: '/find/',
  'answer of the finder': '/find/?q=customers%20are%20charged%20twice',
  pattern: '/patterns/transactional-outbox/',
  'code of a pattern': '/patterns/transactional-outbox/code/',
  'all patterns': '/patterns/',
  problem: '/problems/a-retry-repeats-a-side-effect/',
  'all problems': '/problems/',
  category: '/categories/resilience/',
  'nothing here': '/404.html',
};

describe('axe finds nothing', () => {
  for (const [kind, address] of Object.entries(kinds)) {
    test(`${kind}: both themes, 1280 and 320 pixels`, async () => {
      const found: string[] = [];
      for (const colorScheme of ['light', 'dark'] as const) {
        for (const width of [1280, 320]) {
          const page = await reader.open(address, { colorScheme, viewport: { width, height: 900 }, reducedMotion: 'reduce' });
          found.push(...(await violations(page)).map((violation) => `${colorScheme}, ${width}: ${violation}`));
          await page.context().close();
        }
      }
      expect(found).toEqual([]);
    });
  }

  test('with forced colours', async () => {
    const found: string[] = [];
    for (const address of [kinds.home, kinds.pattern, kinds['answer of the finder']]) {
      const page = await reader.open(address, { forcedColors: 'active' });
      // The system sets the colours; axe would take them from -webkit-text-fill-color, which Chromium reports unforced.
      found.push(...(await violations(page)).filter((violation) => !violation.includes(': color-contrast:')));
    }
    expect(found).toEqual([]);
  });

  test('in the open search dialog', async () => {
    const page = await reader.open('/');
    await page.getByRole('button', { name: /search/i }).first().click();
    await page.locator('dialog[open] input[type="search"]').fill('retry');
    await page.locator('dialog[open] ol a').first().waitFor();
    expect(await violations(page)).toEqual([]);
  });
});

describe('motion', () => {
  test('a reader who asked for less gets none', async () => {
    const page = await reader.open('/', { reducedMotion: 'reduce' });
    const moving = await page.evaluate(() => document.getAnimations().filter(({ playState }) => playState === 'running').length);
    expect(moving).toBe(0);
  });
});

async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const found = await page.evaluate(async () => {
    const { violations: all } = await (window as unknown as { axe: typeof axe }).axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] });
    // Expressive Code makes each block that scrolls a region without a name; the heading above names it.
    const nameless = (id: string, target: string): boolean => id === 'landmark-unique' && target.includes('.expressive-code');
    return all.flatMap(({ id, help, nodes }) => nodes.filter(({ target }) => !nameless(id, target.join(' '))).map(({ target, failureSummary }) => `${id}: ${help}: ${target.join(' ')} (${failureSummary?.split('\n')[1]?.trim() ?? ''})`));
  });
  return found.map((violation) => `${new URL(page.url()).pathname}: ${violation}`);
}
