import { expect, test } from 'vitest';
import { withBase } from './based-links.ts';

const based = (html: string): string => withBase(html, '/atlas/');

test('what begins at the root gets the base: links, forms, files, and addresses for scripts', () => {
  expect(based('<a class="x" href="/find/?q=a#b">')).toBe('<a class="x" href="/atlas/find/?q=a#b">');
  expect(based('<a href="/">')).toBe('<a href="/atlas/">');
  expect(based('<form action="/find/" data-index="/find/index.json"><script src="/a.js"></script>')).toBe('<form action="/atlas/find/" data-index="/atlas/find/index.json"><script src="/atlas/a.js"></script>');
  expect(based('<svg><a title="a > b" href="/find/"></a></svg>')).toBe('<svg><a title="a > b" href="/atlas/find/"></a></svg>');
});

test('what has the base, another host, or no root stays as it is', () => {
  for (const html of ['<a href="/atlas/find/">', '<a href="/atlas">', '<a href="//example.org/">', '<a href="https://example.org/find/">', '<a href="#top">', '<a href="find/">', '<p title="/find/">']) {
    expect(based(html)).toBe(html);
  }
  expect(based('<a href="/atlas-of-birds/">')).toBe('<a href="/atlas/atlas-of-birds/">');
});

test('text is no address', () => {
  const html = '<code>&lt;a href="/find/"></code> a < b href="/find/"';
  expect(based(html)).toBe(html);
});
