import type { Page } from 'playwright-core';
import { describe, expect, inject, test } from 'vitest';
import { useReader } from './reader.ts';

const origin = inject('origin');
const reader = useReader();
const charged = 'customers are charged twice when the client retries';
const box = 'form[action="/find/"] [name="q"]';
const answers = '.finder-answer a[href^="/patterns/"]';

describe('from a problem to its pattern', () => {
  test('a reader types it on the home page and is on the right pattern page two clicks later', async () => {
    const page = await reader.open('/');
    await page.locator(`main ${box}`).fill(charged);
    await page.locator('main form[action="/find/"] button').click();
    await page.locator(answers).first().click();
    await page.waitForURL('**/patterns/**');
    expect(new URL(page.url()).pathname).toBe('/patterns/idempotency-key/');
    expect(await page.locator('h1').innerText()).toContain('Idempotency Key');
  });

  test('the answer says why, marks the words that matched, and says when not', async () => {
    const page = await asked(charged);
    const answer = page.locator('.finder-answer');
    expect(await answer.locator('mark').count()).toBeGreaterThan(0);
    expect(await answer.innerText()).toMatch(/because/i);
    expect(await answer.innerText()).toMatch(/not if|not when|but/i);
  });

  test('it works by keyboard alone: slash, words, arrow, Enter; Escape clears', async () => {
    const page = await reader.open('/find/');
    await page.locator('h1').first().click();
    await page.keyboard.press('/');
    await page.keyboard.type('calls pile up while one dependency hangs');
    await page.locator(answers).first().waitFor();
    await page.keyboard.press('ArrowDown');
    expect(await page.evaluate(() => document.activeElement?.getAttribute('href'))).toMatch(/^\/patterns\//);
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Escape');
    expect(await page.locator(box).inputValue()).toBe('');
    await page.locator(answers).first().waitFor({ state: 'detached' });
    await page.keyboard.type(charged);
    await page.locator(answers).first().waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/patterns/**');
  });

  test('a screen reader hears how many patterns there are, and the first', async () => {
    const page = await asked(charged);
    await page.waitForFunction(() => /pattern/i.test(document.querySelector('problem-finder [role="status"]')?.textContent ?? ''));
    expect(await page.locator('problem-finder [role="status"]').textContent()).toMatch(/\d+ patterns?.*Idempotency Key/is);
  });
});

describe('the address is the state', () => {
  test('an address with a question shows its answer', async () => {
    const page = await reader.open(`/find/?q=${encodeURIComponent(charged)}`);
    await page.locator(answers).first().waitFor();
    expect(await page.locator(box).inputValue()).toBe(charged);
  });

  test('back and forward lead through page, answer and page again', async () => {
    const page = await asked(charged);
    await page.waitForURL('**/find/?q=**');
    const found = page.url();
    await page.locator(answers).first().click();
    await page.waitForURL('**/patterns/**');
    const pattern = page.url();
    await page.goBack();
    await page.locator(answers).first().waitFor();
    expect(page.url()).toBe(found);
    expect(await page.locator(box).inputValue()).toBe(charged);
    await page.goForward();
    await page.waitForURL(pattern);
  });

  test('an address that cannot be read does no harm', async () => {
    const page = await reader.open('/find/?q=%E0%A4%A&q=two&other=1');
    await page.locator(box).waitFor();
    expect(await page.locator('h1').count()).toBe(1);
  });
});

describe('strange questions', () => {
  test('an empty one leaves the index of all problems', async () => {
    const page = await asked('   ');
    expect(await page.locator(answers).count()).toBe(0);
    expect(await page.locator('.problem-index').isVisible()).toBe(true);
  });

  test('nonsense is told that nothing fits', async () => {
    const page = await asked('xqzw vvkplm brrtqq');
    await page.locator('.finder-answer > *').first().waitFor();
    expect(await page.locator('.finder-answer').innerText()).toMatch(/nothing|no pattern/i);
  });

  test('ten thousand characters are answered within two seconds', async () => {
    const page = await reader.open('/find/');
    const long = `${charged} `.repeat(200).slice(0, 10_000);
    const startMs = performance.now();
    await page.locator(box).fill(long);
    await page.locator(answers).first().waitFor();
    expect(performance.now() - startMs).toBeLessThan(2000);
    expect(page.url().length).toBeLessThan(8000);
  });

  test('HTML in a question stays text', async () => {
    const page = await asked('charged twice <img src=x onerror=alert(1)> <script>alert(2)</script>');
    await page.locator('.finder-answer > *').first().waitFor();
    expect(await page.locator('.finder-answer img, .finder-answer script').count()).toBe(0);
  });
});

describe('without JavaScript', () => {
  test('the box on the home page leads to the index of all problems, and that to a pattern', async () => {
    const page = await reader.open('/', { javaScriptEnabled: false });
    await page.locator(`main ${box}`).fill(charged);
    await page.locator(`main ${box}`).press('Enter');
    await page.waitForURL(`${origin}/find/?q=**`);
    await page.locator('main a[href="/problems/a-retry-repeats-a-side-effect/"]').first().click();
    await page.locator('main a[href="/patterns/idempotency-key/"]').first().click();
    expect(await page.locator('h1').innerText()).toContain('Idempotency Key');
  });

  test('patterns are filtered by category', async () => {
    const page = await reader.open('/patterns/', { javaScriptEnabled: false });
    const shown = (): Promise<number> => page.locator('main a[href^="/patterns/"]:visible').count();
    const all = await shown();
    await page.locator('main label, main a').filter({ hasText: /^\s*Observability/ }).first().click();
    const some = await shown();
    expect(some).toBeGreaterThan(0);
    expect(some).toBeLessThan(all);
    expect(await page.locator('main a[href="/patterns/distributed-tracing/"]:visible').count()).toBeGreaterThan(0);
  });
});

async function asked(question: string): Promise<Page> {
  const page = await reader.open('/find/');
  await page.locator(box).pressSequentially(question.slice(0, 3));
  await page.locator(box).fill(question);
  if (question.trim() !== '') await page.locator('.finder-answer > *').first().waitFor();
  return page;
}
