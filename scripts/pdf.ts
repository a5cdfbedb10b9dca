/** The whole catalogue as one PDF, and the poster: printed by a browser from the built site. Usage: npm run build && npm run pdf */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { preview } from 'astro';
import type { Browser } from 'playwright-core';
import { parse } from 'yaml';
import { readCatalogue } from '../src/catalogue/files.ts';
import { categories, problemGroups } from '../src/catalogue/vocabulary.ts';
import { pathOf } from '../src/citing/addresses.ts';
import { longDay } from '../src/citing/day.ts';
import { bookHtml } from './book.ts';
import type { BookPage, BookPart, Release } from './book.ts';
import { BrowserError, launchBrowser } from './browser.ts';
import { readPdf } from './pdf-file.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Guides, then what goes wrong, then what answers it, each in the order of the site. */
export function bookParts(): BookPart[] {
  const { patterns, problems, guides } = readCatalogue(root);
  const page = ({ slug, data }: { slug: string; data: { kind: 'pattern' | 'problem' | 'guide'; title: string; changes: readonly { version: string }[] } }): BookPage => ({ path: pathOf(data.kind, slug), title: data.title, version: data.changes[0]?.version ?? '' });
  const byTitle = (a: BookPage, b: BookPage): number => a.title.localeCompare(b.title, 'en');
  const written = patterns.filter(({ data }) => data.status !== 'outline');
  const grouped = [
    { title: 'Problems', groups: Object.entries(problemGroups).map(([group, title]) => ({ title, pages: problems.filter(({ data }) => data.group === group).map(page).sort(byTitle) })) },
    { title: 'Patterns', groups: Object.entries(categories).map(([category, { label }]) => ({ title: label, pages: written.filter(({ data }) => data.category === category).map(page).sort(byTitle) })) },
  ];
  return [
    { title: 'Guides', groups: [{ title: 'Guides', pages: guides.toSorted((a, b) => a.data.order - b.data.order).map(page) }] },
    ...grouped.map(({ title, groups }) => ({ title, groups: groups.filter(({ pages }) => pages.length > 0) })),
  ];
}

/** Version and day of the release stand where "Cite this repository" reads them. */
export function currentRelease(): Release {
  const cff = parse(readFileSync(join(root, 'CITATION.cff'), 'utf8')) as { title: string; version: string; 'date-released': string; url: string };
  return {
    title: cff.title, version: cff.version, date: longDay(cff['date-released']), address: cff.url,
    licences: 'Text, diagrams and data: CC BY 4.0, https://creativecommons.org/licenses/by/4.0/. Code: MIT.',
  };
}

/** @param origin where the site is served @returns the PDF; its contents name sheets, so it is printed until they are right */
export async function printBook(browser: Browser, origin: string, site: string, parts: readonly BookPart[] = bookParts()): Promise<Buffer> {
  let places = new Map<string, number>();
  for (let round = 1; round <= mostRounds; round++) {
    const page = await browser.newPage();
    await page.route(`${origin}/book`, (route) => route.fulfill({ contentType: 'text/html; charset=utf-8', body: bookHtml(site, parts, currentRelease(), (place) => places.get(place)) }));
    page.setDefaultTimeout(patienceMs);
    await page.goto(`${origin}/book`);
    await page.evaluate(() => document.fonts.ready);
    const bytes = await page.pdf({ format: 'A4', preferCSSPageSize: true, outline: true, tagged: true });
    await page.close();
    const { places: found } = readPdf(bytes);
    const settled = [...found].every(([place, sheet]) => places.get(place) === sheet);
    if (settled) return datedAsReleased(bytes);
    places = found;
  }
  throw new Error(`the contents still move after ${mostRounds} rounds`);
}

const mostRounds = 4;
/** Hundreds of sheets on a slow machine. */
const patienceMs = 300_000;

export async function printPoster(browser: Browser, origin: string): Promise<Buffer> {
  const page = await browser.newPage();
  await page.goto(`${origin}/poster/`, { waitUntil: 'networkidle' });
  await page.evaluate(() => document.fonts.ready);
  const bytes = await page.pdf({ preferCSSPageSize: true, tagged: true });
  await page.close();
  return datedAsReleased(bytes);
}

/** The same site gives the same bytes: the browser would write the time of the day. */
function datedAsReleased(bytes: Buffer): Buffer {
  const day = String(parse(readFileSync(join(root, 'CITATION.cff'), 'utf8'))['date-released']).replaceAll('-', '');
  return Buffer.from(bytes.toString('latin1').replaceAll(/\/(CreationDate|ModDate) \(.:\d{14}\+00'00'\)/g, (_, key: string) => `/${key} (D:${day}000000+00'00')`), 'latin1');
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { help: { type: 'boolean', short: 'h' }, site: { type: 'string', default: 'dist' }, out: { type: 'string', default: 'pdf' } } });
  if (values.help === true) {
    console.log('npm run pdf [-- --site dist] [-- --out pdf]\n\nPrints the whole catalogue and the poster from the built site. Run "npm run build" first.');
    process.exit(0);
  }
  const site = resolve(root, values.site);
  if (!existsSync(join(site, 'index.html'))) {
    console.error(`There is no built site in ${values.site}. Run "npm run build" first, or name its folder with --site.`);
    process.exit(1);
  }
  const server = await preview({ root, outDir: relative(root, site), logLevel: 'warn', server: { host: '127.0.0.1', port: 4392 } });
  try {
    const browser = await launchBrowser();
    try {
      const origin = `http://127.0.0.1:${server.port}`;
      const out = resolve(root, values.out);
      mkdirSync(out, { recursive: true });
      for (const [name, print] of [['pattern-atlas', printBook], ['poster', printPoster]] as const) {
        const file = join(out, `${name}.pdf`);
        const bytes = await print(browser, origin, site);
        writeFileSync(file, bytes);
        console.log(`${relative(root, file)}: ${readPdf(bytes).sheets.length} sheets, ${(bytes.length / 1e6).toFixed(1)} MB`);
      }
    } finally {
      await browser.close();
    }
  } catch (error) {
    if (!(error instanceof BrowserError)) throw error;
    console.error(error.message.replace('run the tests again', 'run it again'));
    process.exitCode = 1;
  } finally {
    await server.stop();
  }
}
