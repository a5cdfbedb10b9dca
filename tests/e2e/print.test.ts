/** Paper: what the sheets of a page, of the poster and of the whole catalogue hold, read from what the browser prints. */
import { JSDOM } from 'jsdom';
import { beforeAll, describe, expect, test } from 'vitest';
import { bookHtml, bookLink, placeOf } from '../../scripts/book.ts';
import { bookParts, currentRelease, printBook, printPoster } from '../../scripts/pdf.ts';
import { readPdf } from '../../scripts/pdf-file.ts';
import type { PdfFile } from '../../scripts/pdf-file.ts';
import { listedPages, siteDir } from '../site/built-site.ts';
import { origin, useReader } from './reader.ts';

const reader = useReader();
const site = 'https://pattern-atlas.github.io';
/** A sheet that holds the end of the page alone would be a waste of it. */
const leastText = 400;
/** What A4 has between its margins, in pixels. */
const sheetWidth = 703;
const allText = ({ sheets }: PdfFile): string => sheets.map(({ text }) => text).join('\n');

async function printed(address: string): Promise<PdfFile> {
  const page = await reader.open(address);
  return readPdf(await page.pdf({ format: 'A4', preferCSSPageSize: true, outline: true, tagged: true }));
}

const patterns = listedPages.map(({ address }) => address).filter((address) => /^\/patterns\/[^/]+\/$/.test(address));

describe('a page on paper', () => {
  test('every pattern has at most three sheets, each with its address, version and number, and none nearly empty', async () => {
    expect(patterns.length).toBeGreaterThan(0);
    const wrong: string[] = [];
    for (const address of patterns) {
      const page = await reader.open(address);
      const { sheets } = readPdf(await page.pdf({ format: 'A4', preferCSSPageSize: true }));
      await page.context().close();
      if (sheets.length > 3) wrong.push(`${address} has ${sheets.length} sheets`);
      for (const [index, { text }] of sheets.entries()) {
        const plain = text.replaceAll('\n', '');
        if (!new RegExp(`${site}${address}\\d+\\.\\d+/`).test(plain)) wrong.push(`${address}: sheet ${index + 1} does not name its version`);
        if (!plain.includes(`${index + 1} / ${sheets.length}`)) wrong.push(`${address}: sheet ${index + 1} has no number`);
        if (plain.length < leastText) wrong.push(`${address}: sheet ${index + 1} has ${plain.length} letters`);
      }
      if (!allText({ sheets } as PdfFile).replaceAll(/\s+/g, ' ').includes('Not on paper: code, tests')) wrong.push(`${address} does not say what it leaves out`);
    }
    expect(wrong).toEqual([]);
    // A fresh browser context for each.
  }, 600_000);

  test('every drawing of a pattern is whole: in its column and lower than a sheet', async () => {
    const cut: string[] = [];
    for (const address of patterns) {
      const page = await reader.open(address, { viewport: { width: sheetWidth, height: 1000 } });
      await page.emulateMedia({ media: 'print' });
      cut.push(...(await page.locator('.diagram svg').evaluateAll((drawings) => drawings.flatMap((drawing) => {
        const { width, height } = drawing.getBoundingClientRect();
        const room = drawing.parentElement?.getBoundingClientRect().width ?? 0;
        return width > 0 && height > 0 && width <= room + 1 && height <= 300 ? [] : [`${Math.round(width)} × ${Math.round(height)} in ${Math.round(room)}`];
      }))).map((size) => `${address}: ${size}`));
      await page.context().close();
    }
    expect(cut).toEqual([]);
  }, 600_000);

  test.each([
    ['/problems/a-retry-repeats-a-side-effect/', 2],
    ['/guides/one-slow-service/', 4],
  ])('%s has its address, version and number on each of at most %i sheets', async (address, most) => {
    const { sheets } = await printed(address);
    expect(sheets.length).toBeLessThanOrEqual(most);
    for (const [index, { text }] of sheets.entries()) {
      expect(text).toContain(`${site}${address}1.0/`);
      expect(text.replaceAll('\n', '')).toContain(`${index + 1} / ${sheets.length}`);
    }
  }, 120_000);

  test('shows no part of the site around it, and where its sources stand', async () => {
    const text = allText(await printed('/patterns/circuit-breaker/'));
    for (const chrome of ['On this page', 'Edit this page', 'Find by problem', 'Text version', 'Copy', 'Reset', 'Read in', 'Try it']) expect(text).not.toContain(chrome);
    expect(text.replaceAll('\n', '')).toContain('https://shopify.engineering/circuit-breaker-misconfigured');
  }, 120_000);

  test('is light, whatever the theme', async () => {
    const page = await reader.open('/patterns/circuit-breaker/', { colorScheme: 'dark' });
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
    expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe('rgb(255, 255, 255)');
  });
});

describe('the poster', () => {
  test('is one sheet of A3 across, with every problem and the address', async () => {
    const page = await reader.newPage();
    const { sheets } = readPdf(await printPoster(page.context().browser()!, origin));
    expect(sheets.map(({ widthMm, heightMm }) => [widthMm, heightMm])).toEqual([[420, 297]]);
    const text = sheets[0]?.text.replaceAll('\n', ' ') ?? '';
    const titles = bookParts().find(({ title }) => title === 'Problems')?.groups.flatMap(({ pages }) => pages.map(({ title }) => title)) ?? [];
    expect(titles.length).toBeGreaterThan(0);
    expect(titles.filter((title) => !text.includes(title))).toEqual([]);
    expect(text).toContain(`${site}/poster/`);
  }, 120_000);
});

describe('the whole catalogue as one document', () => {
  const parts = bookParts();
  const titles = (some: typeof parts): string[] => some.flatMap(({ groups }) => groups.flatMap(({ pages }) => pages.map(({ title }) => title)));

  test('holds every page once, and its links lead to places that it has', () => {
    const { document } = new JSDOM(bookHtml(siteDir, parts, currentRelease(), () => 7)).window;
    expect([...document.querySelectorAll('.was-h1')].map(({ textContent }) => textContent)).toEqual(titles(parts));
    const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
    const known = new Set(ids);
    const links = [...document.querySelectorAll('a[href]')].map((link) => link.getAttribute('href') ?? '');
    expect(links.filter((href) => (href.startsWith('#') ? !known.has(href.slice(1)) : !/^https?:\/\//.test(href)))).toEqual([]);
    expect(links.filter((href) => href.startsWith(`${site}/patterns/saga/#`) || href === `${site}/patterns/saga/`)).toEqual([]);
  }, 120_000);

  test('a link within the catalogue stays in the document, any other leads to the web', () => {
    const places = new Set([placeOf('/patterns/saga/'), placeOf('/patterns/saga/', 'forces')]);
    const link = (href: string): string => bookLink(href, '/problems/x/', places, `${site}/`);
    expect(link('/patterns/saga/')).toBe('#patterns-saga');
    expect(link('/patterns/saga/#forces')).toBe('#patterns-saga--forces');
    expect(link('/patterns/saga/#gone')).toBe('#patterns-saga');
    expect(link('/patterns/saga/code/#saga')).toBe(`${site}/patterns/saga/code/#saga`);
    expect(link('https://example.org/')).toBe('https://example.org/');
  });

  describe('printed, one page of each group', () => {
    const some = parts.map(({ title, groups }) => ({ title, groups: groups.slice(0, 2).map((group) => ({ title: group.title, pages: group.pages.slice(0, 1) })) }));
    let book: PdfFile;
    beforeAll(async () => {
      const page = await reader.newPage();
      book = readPdf(await printBook(page.context().browser()!, origin, siteDir, some));
    }, 240_000);

    test('bookmarks are its parts, groups and pages, in order', () => {
      const depths = some.map(({ title, groups }) => [title, ...groups.flatMap((group) => [...(groups.length > 1 ? [group.title] : []), ...group.pages.map((page) => page.title)])]);
      const expected = ['Contents', ...depths.flat()];
      const marks = book.outline.filter(({ title }) => expected.includes(title));
      expect(marks.map(({ title }) => title)).toEqual(expected);
      expect(marks.every(({ sheet }, index) => sheet >= (marks[index - 1]?.sheet ?? 1))).toBe(true);
    });

    test('links inside it lead to sheets, and the contents say which', () => {
      const inside = book.sheets.flatMap(({ links }) => links.flatMap(({ place }) => place ?? []));
      expect(inside.length).toBeGreaterThan(some.length);
      expect(inside.filter((place) => !book.places.has(place))).toEqual([]);
      const contents = book.sheets[1]?.text.split('\n') ?? [];
      for (const { path, title } of some.flatMap(({ groups }) => groups.flatMap(({ pages }) => pages))) {
        expect(contents.slice(contents.findIndex((line) => title.startsWith(line))).find((line) => /^\d+$/.test(line)), title).toBe(String(book.places.get(placeOf(path))));
      }
    });

    test('says its version, day and licence first, and on each further sheet the version of the page', () => {
      const { version, date } = currentRelease();
      expect(book.sheets[0]?.text.replaceAll('\n', ' ')).toContain(`Version ${version} of ${date}`);
      expect(book.sheets[0]?.text).toContain('CC BY 4.0');
      expect(book.sheets.slice(2).filter(({ text }) => !/https:\/\/pattern-atlas\.github\.io\/\w+\/[\w-]+\/\d+\.\d+\//.test(text))).toEqual([]);
    });
  });
});
