import { posix } from 'node:path';
import { JSDOM } from 'jsdom';
import { describe, expect, test } from 'vitest';
import { pages, siteFiles, siteText } from './built-site.ts';
import { brokenLinks } from './links.ts';

const origin = 'https://pattern-atlas.github.io';

describe('links inside the site', () => {
  test('each leads to a page and, where it names one, to an anchor', () => {
    expect(brokenLinks(pages, siteFiles, origin)).toEqual([]);
  });

  test('what style sheets name exists', () => {
    const missing = siteFiles.filter((file) => file.endsWith('.css')).flatMap((file) => [...siteText(file).matchAll(/url\(\s*["']?([^"')]+)/g)]
      .map(([, address = '']) => address)
      .filter((address) => !address.startsWith('data:') && !address.startsWith('#') && !siteFiles.includes(address.startsWith('/') ? address.slice(1) : posix.join(posix.dirname(file), address)))
      .map((address) => `${file}: url(${address})`));
    expect(missing).toEqual([]);
  });

  test('a broken link, a broken anchor and a missing slash are named', () => {
    const { document } = new JSDOM(`
      <a href="/patterns/saga/">no such page</a> <a href="#top">no such anchor</a> <a href="/a">no slash</a>
      <a href="/a/#here">right</a> <a href="/a/#there">wrong</a> <a href="https://example.org/x">elsewhere</a> <a href="mailto:a@example.org">mail</a>
    `).window;
    const other = new JSDOM('<p id="here">').window.document;
    expect(brokenLinks([{ address: '/', document }, { address: '/a/', document: other }], ['index.html', 'a/index.html'], origin)).toEqual([
      '/: "/patterns/saga/" leads to no page',
      '/: "#top": / has no element with the id "top"',
      '/: "/a" leads to no page; write "/a/"',
      '/: "/a/#there": /a/ has no element with the id "there"',
    ]);
  });

  test('under a base path, a link to the root of the host is named', () => {
    const { document } = new JSDOM('<a href="/a/">left</a> <a href="/repo/a/#here">right</a> <a href="/repo/b/">wrong</a>').window;
    const other = new JSDOM('<p id="here">').window.document;
    expect(brokenLinks([{ address: '/', document }, { address: '/a/', document: other }], ['index.html', 'a/index.html'], origin, '/repo/')).toEqual([
      '/: "/a/" leaves the site, which begins at "/repo/"',
      '/: "/repo/b/" leads to no page',
    ]);
  });
});
