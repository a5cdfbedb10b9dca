/** The built site as files, each page parsed. */
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { JSDOM } from 'jsdom';
import { pathBelow } from '../../src/catalogue/path-below.ts';
import { siteDir } from './site-folder.ts';

export { siteDir };

export interface BuiltPage {
  /** As a reader types it, for example `/patterns/circuit-breaker/`. */
  address: string;
  html: string;
  document: Document;
}

/** Paths below the site, with forward slashes. */
export const siteFiles: string[] = readdirSync(siteDir, { recursive: true, encoding: 'utf8' })
  .filter((file) => statSync(join(siteDir, file)).isFile())
  .map((file) => pathBelow(siteDir, join(siteDir, file)))
  .sort();

/**
 * Pages for readers. The one that edited code runs in is held by tests/e2e/sandbox.test.ts, cards by tests/site/programs.test.ts,
 * those that only lead on by src/integrations/moved-pages.test.ts.
 */
export const pages: BuiltPage[] = siteFiles.filter((file) => file.endsWith('.html') && file !== 'sandbox.html' && !file.endsWith('/card/index.html')).map((file) => {
  const html = siteText(file);
  return { address: `/${file.replace(/(^|\/)index\.html$/, '$1')}`, html, document: new JSDOM(html).window.document };
}).filter(({ html }) => !html.includes('http-equiv="refresh"'));

/** Those that lists, sitemap and search lead to: a draft has its page and stands outside of them. */
export const listedPages: BuiltPage[] = pages.filter(({ document }) => document.querySelector('meta[name="robots"]') === null);

export function siteText(file: string): string {
  return readFileSync(join(siteDir, file), 'utf8');
}

export function pageAt(address: string): BuiltPage {
  const page = pages.find((each) => each.address === address);
  if (page === undefined) throw new Error(`The site has no page at ${address}; it has ${pages.map((each) => each.address).join(', ')}`);
  return page;
}

/** Visible text, with every run of white space as one space. */
export function textOf(node: Element | null | undefined): string {
  return (node?.textContent ?? '').replaceAll(/\s+/g, ' ').trim();
}

/** Address of the worker that the figure of an example starts, wherever it stands. */
export function workerOf(slug: string): string {
  const figure = pages.map(({ document }) => document.querySelector<HTMLElement>(`pattern-simulator[data-example="${slug}"]`)).find((found) => found !== null);
  const address = figure?.dataset['worker'];
  if (address === undefined) throw new Error(`No page has a simulation of ${slug} that names its worker`);
  return address;
}
