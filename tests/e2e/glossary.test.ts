import { describe, expect, test } from 'vitest';
import { violations } from './axe-violations.ts';
import { useReader } from './reader.ts';

const reader = useReader();
const page = '/patterns/transactional-outbox/';
const link = '.sl-markdown-content a[href="/glossary/#broker"]';
const note = '[role=tooltip]';

describe('a term on a page', () => {
  test('leads to its entry without a script', async () => {
    const read = await reader.open(page, { javaScriptEnabled: false });
    await read.locator(link).click();
    await read.waitForURL('**/glossary/#broker');
    expect(await read.locator('#broker').textContent()).toContain('Broker');
    expect(await read.locator('div:has(> #broker) dd').textContent()).toContain('takes messages');
  });

  test('says what it means to the keyboard, until Escape', async () => {
    const read = await reader.open(page);
    const asked: string[] = [];
    read.on('request', (request) => asked.push(new URL(request.url()).pathname));
    expect(await read.locator(note).count()).toBe(0);
    await read.locator(link).focus();
    await read.locator(note).waitFor();
    expect(asked).toContain('/glossary.json');
    expect(await read.locator(note).textContent()).toContain('takes messages from senders');
    expect(await read.locator(link).getAttribute('aria-describedby')).toBe(await read.locator(note).getAttribute('id'));
    await read.keyboard.press('Escape');
    expect(await read.locator(note).count()).toBe(0);
    expect(await read.locator(link).getAttribute('aria-describedby')).toBeNull();
    expect(await read.evaluate(() => document.activeElement?.getAttribute('href')), 'the focus stays').toBe('/glossary/#broker');
    // The next term is told without asking again.
    const before = asked.length;
    await read.locator('.sl-markdown-content a[href="/glossary/#advisory-lock"]').focus();
    await read.locator(note, { hasText: 'A lock that a database keeps' }).waitFor();
    expect(asked.slice(before)).toEqual([]);
    await read.keyboard.press('Tab');
    await read.locator(note).waitFor({ state: 'detached' });
  });

  test('says it to a pointer, which may move onto the words and leave them', async () => {
    const read = await reader.open(page);
    await read.locator(link).hover();
    await read.locator(note).waitFor();
    await read.locator(note).hover();
    await read.waitForTimeout(600);
    expect(await read.locator(note).isVisible()).toBe(true);
    await read.mouse.move(5, 5);
    await read.locator(note).waitFor({ state: 'detached' });
  });

  test('stays inside a narrow window, and axe finds nothing in both themes', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      const read = await reader.open(page, { viewport: { width: 320, height: 700 }, colorScheme, reducedMotion: 'reduce' });
      await read.locator(link).focus();
      const box = await read.locator(note).boundingBox();
      expect(box?.x).toBeGreaterThanOrEqual(0);
      expect((box?.x ?? 0) + (box?.width ?? 999)).toBeLessThanOrEqual(320);
      expect(await read.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
      expect(await violations(read)).toEqual([]);
      await read.context().close();
    }
  }, 120_000);
});

test('nothing of the glossary is fetched before somebody reaches for a term', async () => {
  const read = await reader.newPage();
  const asked: string[] = [];
  read.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await read.goto(page, { waitUntil: 'networkidle' });
  expect(asked.filter((path) => /glossary|term-note/.test(path))).toEqual([]);
});
