/** What the site says about where it stands, when it stands below a path of its host. */
import { extname } from 'node:path';
import { JSDOM } from 'jsdom';
import { expect, test } from 'vitest';
import { pages, siteFiles, siteText } from '../site/built-site.ts';
import { brokenLinks } from '../site/links.ts';
import { siteBase } from '../site/site-folder.ts';
import { addressesIn, brokenAddresses } from './absolute-addresses.ts';

const origin = 'https://pattern-atlas.github.io';
const texts = siteFiles.filter((file) => !/\.(png|woff2|wasm|gz|wasm\.gz|pagefind|pf_\w+)$/.test(file) && !file.startsWith('postgres/'));

test('it stands below a path', () => {
  expect(siteBase, 'build with `npm run build -- --base /repo/` and name it: SITE_BASE=/repo/').toMatch(/^\/.+\/$/);
});

test('each link leads to a page of the site and, where it names one, to an anchor', () => {
  expect(brokenLinks(pages, siteFiles, origin, siteBase)).toEqual([]);
});

test('each address with the host begins at the base and leads to a file, and to its anchor, in every kind of text', () => {
  const files = new Set(siteFiles);
  const documents = new Map(pages.map(({ address, document }) => [address, document]));
  expect(texts.flatMap((file) => brokenAddresses(file, siteText(file), files, documents, origin, siteBase))).toEqual([]);
  const saying = new Set(texts.filter((file) => addressesIn(siteText(file), origin).length > 0).map((file) => extname(file)));
  expect([...saying].sort()).toEqual(expect.arrayContaining(['.html', '.md', '.txt', '.xml']));
});

test('an address outside the base, one without a file, one without its anchor, and none of the same beginning', () => {
  const text = '[a](https://example.org/repo/a/#here). [d](https://example.org/repo/a/#there) <b href="https://example.org/a/"> \\url{https://example.org/repo/c.bib}, "https://example.org.uk/x"';
  const { document } = new JSDOM('<p id="here">').window;
  expect(brokenAddresses('x.md', text, new Set(['a/index.html']), new Map([['/a/', document]]), 'https://example.org', '/repo/')).toEqual([
    'x.md: https://example.org/repo/a/#there names an anchor that the page does not have',
    'x.md: https://example.org/a/ does not begin at /repo/',
    'x.md: https://example.org/repo/c.bib leads to no file',
  ]);
});
