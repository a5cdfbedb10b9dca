import { describe, expect, test } from 'vitest';
import { violations } from './axe-violations.ts';
import { useReader } from './reader.ts';

const reader = useReader();
const kinds = {
  home: '/',
  finder: '/find/',
  'answer of the finder': '/find/?q=customers%20are%20charged%20twice',
  pattern: '/patterns/transactional-outbox/',
  'code of a pattern': '/patterns/transactional-outbox/code/',
  'all patterns': '/patterns/',
  map: '/map/',
  'map, narrowed': '/map/?category=data&relation=requires&pattern=saga',
  problem: '/problems/a-retry-repeats-a-side-effect/',
  'all problems': '/problems/',
  glossary: '/glossary/',
  guide: '/guides/do-you-need-microservices/',
  'all guides': '/guides/',
  category: '/categories/resilience/',
  poster: '/poster/',
  'nothing here': '/404.html',
  'reading offline': '/offline/',
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
      // Four readings of the longest page take a slow machine more than a minute.
    }, 240_000);
  }

  test('with forced colours', async () => {
    const found: string[] = [];
    for (const address of [kinds.home, kinds.pattern, kinds['answer of the finder'], kinds.map]) {
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
