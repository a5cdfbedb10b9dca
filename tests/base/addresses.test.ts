/** What the site says about where it stands, when it stands below a path of its host. */
import { extname } from 'node:path';
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

test('each address with the host begins at the base and has a file behind it, in every kind of text', () => {
  const files = new Set(siteFiles);
  expect(texts.flatMap((file) => brokenAddresses(file, siteText(file), files, origin, siteBase))).toEqual([]);
  const saying = new Set(texts.filter((file) => addressesIn(siteText(file), origin).length > 0).map((file) => extname(file)));
  expect([...saying].sort()).toEqual(expect.arrayContaining(['.html', '.txt', '.xml']));
});

test('an address outside the base, one without a file, and none of the same beginning', () => {
  const text = '[a](https://example.org/repo/a/). <b href="https://example.org/a/"> \\url{https://example.org/repo/c.bib}, "https://example.org.uk/x"';
  expect(brokenAddresses('x.md', text, new Set(['a/index.html']), 'https://example.org', '/repo/')).toEqual([
    'x.md: https://example.org/a/ does not begin at /repo/',
    'x.md: https://example.org/repo/c.bib leads to no file',
  ]);
});
