/** The Cite menu by mouse, by keyboard, by screen reader, and without a script. */
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { siteText } from '../site/built-site.ts';
import { violations } from './axe-violations.ts';
import { origin, useReader } from './reader.ts';

const reader = useReader();
const saga = '/patterns/saga/';
/** A machine with more to do takes its time. */
const soon = { timeout: 10_000 };
const clipboard = { permissions: ['clipboard-read', 'clipboard-write'] };
const pinned = 'https://pattern-atlas.github.io/patterns/saga/';

const menu = (page: Page) => page.locator('cite-menu details');
const copy = (page: Page, label: string) => page.locator('.cite-panel li').filter({ has: page.getByText(label, { exact: true }) }).getByRole('button');
const copied = (page: Page): Promise<string> => page.evaluate(() => navigator.clipboard.readText());
const status = (page: Page): Promise<string> => page.locator('cite-menu [role=status]').innerText();

describe('by mouse', () => {
  test('every format is copied as its file holds it, with the version in its address', async () => {
    const page = await reader.open(saga, clipboard);
    await page.locator('cite-menu summary').click();
    const expected = JSON.parse(siteText('patterns/saga/cite.menu.json')) as { citations: { label: string; text: string }[] };
    expect(expected.citations.map(({ label }) => label)).toEqual(['Markdown link', 'Quotation', 'HTML', 'BibTeX', 'RIS', 'CSL-JSON', 'APA']);
    for (const { label, text } of expected.citations) {
      await copy(page, label).click();
      await expect.poll(() => status(page), soon).toBe(`Copied: ${label}`);
      // The clipboard of some systems ends lines as RIS does, and that of others as the rest.
      expect((await copied(page)).replaceAll('\r\n', '\n')).toBe(text.replaceAll('\r\n', '\n'));
      expect(text).toMatch(new RegExp(`${pinned}\\d+\\.\\d+/`));
    }
    expect(await copy(page, 'APA').innerText()).toBe('Copied');
    expect(await page.getByRole('textbox', { name: 'Text of: APA' }).inputValue()).toBe(expected.citations.at(-1)?.text);
  });

  test('a selection is what the quotation quotes', async () => {
    const page = await reader.open(saga, clipboard);
    const words = await page.evaluate(() => {
      const paragraph = document.querySelector('.sl-markdown-content > p');
      getSelection()?.selectAllChildren(paragraph as Node);
      return getSelection()?.toString().trim() ?? '';
    });
    expect(words.length).toBeGreaterThan(20);
    await page.locator('cite-menu summary').click();
    await page.getByRole('button', { name: 'Copy Quotation of what you selected' }).click();
    await expect.poll(() => status(page), soon).toContain('Copied');
    const [quoted, empty, source] = (await copied(page)).split('\n');
    expect(quoted?.replaceAll(/\\(?=[^\w\s])/g, '')).toBe(`> ${words}`);
    expect([empty, source]).toEqual(['>', expect.stringMatching(/^> — \[Saga\]\(https:\S+\/saga\/\d+\.\d+\/\), Pattern Atlas, version \d+\.\d+, \d+ [A-Z][a-z]+ \d{4}, CC BY 4\.0$/)]);
  });

  test('the decision record and the page as Markdown are copied from their files', async () => {
    const page = await reader.open(saga, clipboard);
    await page.locator('cite-menu summary').click();
    for (const [label, file] of [['Decision record', 'decision.md'], ['Page as Markdown', 'index.md']] as const) {
      await copy(page, label).click();
      await expect.poll(() => status(page), soon).toBe(`Copied: ${label}`);
      expect(await copied(page)).toBe(siteText(`patterns/saga/${file}`));
    }
  });

  test('a file is downloaded under the name of its page', async () => {
    const page = await reader.open('/problems/a-retry-repeats-a-side-effect/');
    await page.locator('cite-menu summary').click();
    const coming = page.waitForEvent('download');
    await page.getByRole('link', { name: 'BibTeX as .bib' }).click();
    expect((await coming).suggestedFilename()).toBe('a-retry-repeats-a-side-effect.bib');
  });

  test('where copying is not allowed, the text is selected', async () => {
    const page = await reader.newPage();
    await page.addInitScript(() => { navigator.clipboard.writeText = () => Promise.reject(new Error('denied')); });
    await page.goto(saga, { waitUntil: 'networkidle' });
    await page.locator('cite-menu summary').click();
    await copy(page, 'APA').click();
    await expect.poll(() => status(page), soon).toContain('not allowed');
    expect(await page.evaluate(() => getSelection()?.toString())).toContain('The Pattern Atlas authors. (');
  });

  test('a click elsewhere closes it', async () => {
    const page = await reader.open(saga);
    await page.locator('cite-menu summary').click();
    await copy(page, 'APA').waitFor();
    await page.locator('h1').click();
    await expect.poll(() => menu(page).getAttribute('open'), soon).toBeNull();
  });
});

describe('by keyboard', () => {
  test('C opens it, arrows move, Enter copies, Escape gives the focus back to where it was', async () => {
    const page = await reader.open(saga, clipboard);
    await page.locator('main h2 ~ p a, main .sl-markdown-content a').nth(30).focus();
    const before = await page.evaluate(() => [document.activeElement?.outerHTML, scrollY]);
    await page.keyboard.press('c');
    await expect.poll(() => focusedName(page), soon).toBe('Copy Markdown link');
    expect(await page.locator('.cite-panel').evaluate((panel) => panel.getBoundingClientRect().top >= 0 && panel.getBoundingClientRect().bottom <= innerHeight)).toBe(true);
    for (const key of ['ArrowDown', 'ArrowDown', 'ArrowUp']) await page.keyboard.press(key);
    expect(await focusedName(page)).toBe('Copy Quotation');
    await page.keyboard.press('Enter');
    await expect.poll(() => status(page), soon).toBe('Copied: Quotation');
    expect(await focusedName(page)).toBe('Copied Quotation');
    await page.keyboard.press('Escape');
    expect(await menu(page).getAttribute('open')).toBeNull();
    expect(await page.evaluate(() => [document.activeElement?.outerHTML, scrollY])).toEqual(before);
  });

  test('its button opens it, Tab goes through it, and Escape gives the focus back to the button', async () => {
    const page = await reader.open('/guides/do-you-need-microservices/');
    await page.locator('cite-menu summary').focus();
    await page.keyboard.press('Enter');
    await copy(page, 'APA').waitFor();
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('SUMMARY');
    const stops: string[] = [];
    for (let stop = 0; stop < 5; stop += 1) {
      await page.keyboard.press('Tab');
      stops.push(await focusedName(page));
    }
    expect(stops).toEqual(['Copy Markdown link', 'Copy Quotation', 'Copy HTML', 'BibTeX as .bib', 'Copy BibTeX']);
    await page.keyboard.press('Escape');
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('SUMMARY');
  });

  test('what was selected stays selected when C is pressed and the menu is left', async () => {
    const page = await reader.open(saga);
    const words = await page.evaluate(() => {
      getSelection()?.selectAllChildren(document.querySelectorAll('.sl-markdown-content p')[3] as Node);
      return getSelection()?.toString();
    });
    await page.keyboard.press('c');
    await page.getByRole('button', { name: 'Copy Quotation of what you selected' }).waitFor();
    await page.keyboard.press('Escape');
    expect(await page.evaluate(() => getSelection()?.toString())).toBe(words);
  });

  test('C stays a letter while somebody types, and belongs to others with a modifier', async () => {
    const page = await reader.open(saga);
    for (const key of ['Control+c', 'Alt+c', 'Shift+C', 'Meta+c']) await page.keyboard.press(key);
    expect(await menu(page).getAttribute('open')).toBeNull();
    await page.keyboard.press('Control+k');
    await page.keyboard.type('cc');
    expect(await page.locator('dialog[open] input[type=search]').inputValue()).toBe('cc');
    expect(await menu(page).getAttribute('open')).toBeNull();
    await page.getByRole('button', { name: 'Close' }).click();
    await page.keyboard.press('c');
    await expect.poll(() => menu(page).getAttribute('open'), soon).toBe('');
  });

  test('C can be switched off, and on again, in the sheet of keys', async () => {
    const page = await reader.open(saga);
    const single = page.getByRole('checkbox', { name: /^Single keys/ });
    await page.keyboard.press('c');
    await page.getByRole('button', { name: /all keys/ }).click();
    await single.uncheck();
    await page.keyboard.press('Escape');
    await expect.poll(() => page.evaluate(() => document.activeElement?.tagName), { ...soon, message: 'the focus is not lost' }).toBe('SUMMARY');
    await page.reload({ waitUntil: 'networkidle' });
    await page.keyboard.press('c');
    expect(await menu(page).getAttribute('open')).toBeNull();
    await page.locator('cite-menu summary').click();
    await page.getByRole('button', { name: /all keys/ }).click();
    await single.check();
    await page.keyboard.press('Escape');
    // Keys belong to the sheet until it has given the focus back.
    await expect.poll(() => page.evaluate(() => document.activeElement?.tagName), soon).toBe('SUMMARY');
    await page.keyboard.press('c');
    await expect.poll(() => menu(page).getAttribute('open'), soon).toBe('');
  });
});

describe('what it costs and how it is told', () => {
  test('nothing of it is fetched before it opens', async () => {
    const page = await reader.newPage();
    const asked: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await page.goto(saga, { waitUntil: 'networkidle' });
    expect(asked.filter((path) => /cite/.test(path))).toEqual([]);
    await page.locator('cite-menu summary').click();
    await copy(page, 'APA').waitFor();
    expect(asked.filter((path) => /cite/.test(path)).map((path) => path.replace(/\.[\w-]+\.js$/, '.js'))).toEqual(['/_astro/cite-panel.js', '/patterns/saga/cite.menu.json']);
  });

  test('without its texts, the files are still there', async () => {
    const page = await reader.newPage();
    await page.route('**/cite.menu.json', (route) => route.fulfill({ body: 'no JSON' }));
    await page.goto(saga, { waitUntil: 'networkidle' });
    await page.locator('cite-menu summary').click();
    await expect.poll(() => status(page), soon).toContain('could not be fetched');
    expect(await page.locator('cite-menu a[href="/patterns/saga/cite.bib"]').isVisible()).toBe(true);
  });

  test('axe finds nothing in it, open, in both themes, wide and at 320 pixels, and nothing is cut off', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      for (const width of [1280, 320]) {
        const page = await reader.open('/problems/a-retry-repeats-a-side-effect/', { ...clipboard, colorScheme, viewport: { width, height: 900 }, reducedMotion: 'reduce' });
        await page.locator('cite-menu summary').click();
        await copy(page, 'BibTeX').click();
        await page.getByRole('textbox', { name: 'Text of: BibTeX' }).waitFor();
        expect(await violations(page), `${colorScheme}, ${width}`).toEqual([]);
        expect(await page.evaluate(() => document.documentElement.scrollWidth), `${colorScheme}, ${width}`).toBeLessThanOrEqual(width);
        const small = await page.locator('.cite-panel :is(button, a, input, label)').evaluateAll((controls) => controls.map((control) => control.getBoundingClientRect()).filter(({ width: wide, height }) => wide > 0 && height < 24 && wide < 24).length);
        // The box of the switch is small; its label is not.
        expect(small, `${colorScheme}, ${width}`).toBeLessThanOrEqual(1);
        await page.context().close();
      }
    }
  }, 120_000);

  test('without a script it is a list of files', async () => {
    const page = await reader.newPage({ javaScriptEnabled: false });
    await page.goto(saga);
    await page.locator('cite-menu summary').click();
    const links = await page.locator('cite-menu a').evaluateAll((anchors) => anchors.filter((anchor) => anchor.checkVisibility()).map((anchor) => anchor.getAttribute('href')));
    expect(links).toEqual(['bib', 'ris', 'json', 'txt'].map((ending) => `/patterns/saga/cite.${ending}`).concat('/patterns/saga/decision.md', '/patterns/saga/index.md'));
    expect(await page.locator('cite-menu button').count()).toBe(0);
  });
});

test('what search engines read passes a policy that allows no script at all: it is data', async () => {
  const page = await reader.newPage();
  const data = /<script type="application\/ld\+json">.*?<\/script>/s.exec(siteText('patterns/saga/index.html'))?.[0] ?? '';
  expect(data).not.toBe('');
  await page.route('**/policy-probe/', (route) => route.fulfill({
    contentType: 'text/html', headers: { 'Content-Security-Policy': 'default-src \'none\'; script-src \'self\'; report-to none' }, body: `<!doctype html><title>probe</title>${data}`,
  }));
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(message.text()));
  await page.goto(`${origin}/policy-probe/`);
  expect(await page.evaluate(() => JSON.parse(document.querySelector('script')?.textContent ?? '')['@context'] as string)).toBe('https://schema.org');
  expect(complaints).toEqual([]);
});

/** As a screen reader says it. */
function focusedName(page: Page): Promise<string> {
  return page.evaluate(() => {
    const labels = document.activeElement?.getAttribute('aria-labelledby')?.split(' ').map((id) => document.getElementById(id)?.textContent);
    return labels?.join(' ') ?? document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? '';
  });
}
