import type { Page } from 'playwright-core';
import { describe, expect, inject, test } from 'vitest';
import { madrViolations } from '../content/madr.ts';
import { useReader } from './reader.ts';

const origin = inject('origin');
const reader = useReader();
const charged = 'customers are charged twice when the client retries';
const box = 'form[action="/find/"] [name="q"]';
const patience = { timeout: 10_000 };
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
    await answer.locator('mark').first().waitFor();
    expect(await answer.locator('mark').count()).toBeGreaterThan(0);
    expect(await answer.innerText()).toMatch(/because/i);
    expect(await answer.innerText()).toMatch(/not if|not when|but/i);
  });

  test('reasons that are there do not go away for a picture while the question goes on', async () => {
    const page = await asked(charged);
    await page.locator('.finder-answer mark').first().waitFor();
    await page.waitForFunction(() => [...document.querySelectorAll('.finding-line')].every(({ textContent }) => textContent !== ''));
    const empty = await page.evaluate(async (selector) => {
      const input = document.querySelector<HTMLInputElement>(selector);
      const counts: number[] = [];
      for (const letter of ' now') {
        if (input !== null) input.value += letter;
        input?.dispatchEvent(new InputEvent('input', { bubbles: true }));
        // Whatever comes later than this may come after the next picture.
        for (let turn = 0; turn < 50; turn += 1) await null;
        counts.push([...document.querySelectorAll('.finding')].filter((card) => card.querySelector('.finding-line')?.textContent === '').length);
      }
      return { counts, cards: document.querySelectorAll('.finding').length };
    }, box);
    expect(empty).toEqual({ counts: [0, 0, 0, 0], cards: expect.any(Number) as number });
    expect(empty.cards).toBeGreaterThan(0);
  });

  test('Escape clears the box and takes the answer away', async () => {
    const page = await reader.open('/find/');
    await page.locator(box).fill('calls pile up while one dependency hangs');
    await page.locator('.finding').first().waitFor();
    await page.keyboard.press('Escape');
    expect(await page.locator(box).inputValue()).toBe('');
    await page.locator('.finding').first().waitFor({ state: 'detached' });
    expect(await page.locator('.problem-index').isVisible()).toBe(true);
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
    await page.waitForURL(({ searchParams }) => searchParams.get('q') === charged);
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

  test('answers stand in it, and another reader gets the same ranking', async () => {
    const undecided = 'a customer was charged twice after a timeout';
    const page = await asked(undecided);
    await page.locator('.question-card').waitFor();
    await page.locator('.question-card button', { hasText: 'No' }).first().click();
    await page.waitForURL(/[?&](not|no)=/);
    const names = (from: Page): Promise<string[]> => from.locator('.finding h3').allInnerTexts();
    await page.waitForTimeout(300);
    const other = await reader.open(new URL(page.url()).pathname + new URL(page.url()).search);
    await other.locator('.finding').first().waitFor();
    expect(await names(other)).toEqual(await names(page));
    await page.goBack();
    await page.waitForFunction(() => !/[?&](not|no)=/.test(location.search));
    expect(await page.locator(box).inputValue()).toBe(undecided);
  });

  test('a force that must hold rules patterns out, and says which', async () => {
    const page = await reader.open(`/find/?q=${encodeURIComponent(charged)}`);
    await page.locator('.panel-forces').waitFor();
    await page.locator('.more-forces summary').click();
    const row = page.locator('.answer-row', { hasText: 'The clients cannot be changed' });
    await row.getByLabel('Must hold').check();
    await page.waitForURL(/[?&]must=cannot-change-client/);
    await page.locator('.finder-misses', { hasText: 'Idempotency Key' }).waitFor();
    expect(await page.locator('.finding h3', { hasText: 'Idempotency Key' }).count()).toBe(0);
    expect(await page.locator('.finder-misses').innerText()).toContain('must hold');
  });

  test('what cannot be read of it is left out, with a notice', async () => {
    const page = await reader.open('/find/?q=%E0%A4%A&q=two&must=no-such-force&yes=../etc&other=1');
    await page.locator('.finder-notice:not([hidden])').waitFor();
    expect(await page.locator('.finder-notice').innerText()).toMatch(/could not be read/);
    expect(await page.locator('h1').count()).toBe(1);
  });

  test('an answer that the catalogue no longer has is left out, with a notice', async () => {
    const page = await reader.open(`/find/?q=${encodeURIComponent(charged)}&yes=a-retry-repeats-a-side-effect.zzz`);
    await page.locator('.finder-notice:not([hidden])').waitFor();
    expect(await page.locator('.finder-notice').innerText()).toMatch(/catalogue has changed/);
    await page.locator('.finding').first().waitFor();
  });
});

describe('an answer to take along', () => {
  test('as a link, as Markdown, and as a decision record to copy and download', async () => {
    const page = await reader.open(`/find/?q=${encodeURIComponent(charged)}&applies=costly-side-effect`, { permissions: ['clipboard-read', 'clipboard-write'] });
    const copied = (): Promise<string> => page.evaluate(() => navigator.clipboard.readText());
    await page.getByRole('button', { name: 'Copy link' }).click();
    await page.getByRole('button', { name: 'Copied' }).waitFor();
    expect(await copied()).toBe(`${origin}/find/?q=${charged.replaceAll(' ', '+')}&applies=costly-side-effect`);
    await page.getByRole('button', { name: 'Copy as Markdown' }).click();
    await expect.poll(copied, patience).toMatch(/^> [\s\S]*\n1\. \*\*\[Idempotency Key\]\(/);
    await page.getByRole('button', { name: 'Start a decision record' }).click();
    const text = page.locator('dialog.record textarea');
    await text.waitFor();
    expect(await text.inputValue()).toMatch(/## Decision Drivers\n\n\* A doubled or lost effect costs money or trust/);
    const { x = 0, width = 0 } = await page.locator('dialog.record').boundingBox() ?? {};
    expect(Math.abs(2 * x + width - (page.viewportSize()?.width ?? 0)), 'the dialog stands in the middle').toBeLessThan(20);
    const record = await text.inputValue();
    expect(madrViolations(record)).toEqual([]);
    expect(record).toMatch(new RegExp(`${origin}/patterns/idempotency-key/\\d+\\.\\d+/#what-to-watch`));
    await text.fill(`${record}Ours.\n`);
    await page.locator('dialog.record').getByRole('button', { name: 'Copy' }).click();
    await expect.poll(copied, patience).toBe(`${record}Ours.\n`);
    const download = page.waitForEvent('download');
    await page.locator('dialog.record').getByRole('button', { name: 'Download' }).click();
    expect((await download).suggestedFilename()).toMatch(/^\d{4}-\d{2}-\d{2}-idempotency-key\.md$/);
    await page.keyboard.press('Escape');
    await text.waitFor({ state: 'detached' });
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe('Start a decision record');
  });
});

describe('patterns without a page', () => {
  test('are found and say so; nothing links to a page that is not there', async () => {
    const page = await reader.open('/');
    // As the index is before the page is written.
    await page.route('**/find/index.json', async (route) => {
      const answer = await route.fetch();
      const index = await answer.json() as { patterns: [slug: string, category: string, outline: 0 | 1, title: string][] };
      for (const pattern of index.patterns) if (pattern[3] === 'Compensating Transaction') pattern[2] = 1;
      await route.fulfill({ response: answer, json: index });
    });
    await page.goto('/find/?q=undo+the+steps+that+were+done+when+a+later+service+refuses');
    const outline = page.locator('.finding', { hasText: 'page in preparation' }).first();
    await outline.waitFor();
    await outline.locator('.finding-outline summary').click();
    expect(await outline.innerText()).toContain('Use it when');
    expect(await outline.innerText()).toContain('Not when');
    const links = await page.locator('.finder-answer a[href^="/patterns/"]').evaluateAll((all) => [...new Set(all.map((each) => each.getAttribute('href') ?? ''))]);
    expect(links).not.toContain('/patterns/compensating-transaction/');
    for (const address of links) expect((await page.request.get(address)).status(), address).toBe(200);
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
