import { expect, test } from 'vitest';
import { pathIn, wayOf } from './ways.ts';

const scope = 'https://example.org/repo/';
const asked = (path: string, mode = 'cors'): string => wayOf({ method: 'GET', url: `${scope}${path}`, mode, cache: 'default' }, scope);

test('pages and their Markdown go to the network first', () => {
  expect(['', 'patterns/saga/', 'find/?q=x', 'patterns/saga/index.md', 'patterns/saga/decision.md'].map((path) => asked(path))).toEqual(Array(5).fill('page'));
  expect(asked('patterns/saga', 'navigate')).toBe('page');
});

test('what has a hash in its name, or a version in its folder, comes from what is kept', () => {
  expect(['_astro/palette.Bx1.js', '_astro/serif.woff2', 'pagefind/fragment/en_1.pf_fragment', 'pagefind/pagefind.en_1.pf_meta', 'postgres/0.5.16/index.js'].map((path) => asked(path))).toEqual(Array(5).fill('asset'));
});

test('other files are data of a release', () => {
  expect(['find/index.json', 'pagefind/pagefind.js', 'pagefind/pagefind-entry.json?ts=1', 'patterns/saga/cite.menu.json', 'favicon.svg'].map((path) => asked(path))).toEqual(Array(5).fill('data'));
});

test('what is not ours, or is wanted from the network itself, passes', () => {
  const request = { method: 'GET', url: `${scope}find/index.json`, mode: 'cors', cache: 'default' };
  expect(wayOf({ ...request, method: 'POST' }, scope)).toBe('pass');
  expect(wayOf({ ...request, cache: 'no-store' }, scope)).toBe('pass');
  expect(wayOf({ ...request, url: 'https://example.org/other/find/index.json' }, scope)).toBe('pass');
  expect(wayOf({ ...request, url: 'https://elsewhere.org/repo/' }, scope)).toBe('pass');
  expect([asked('offline.json'), asked('offline-worker.js')]).toEqual(['pass', 'pass']);
  expect(asked('offline/', 'navigate')).toBe('page');
});

test('a path is that of the file that is kept', () => {
  expect(['', '?of=a,b', 'find/?q=x#top', 'patterns/saga/index.html', 'index.html', 'a%20b/', '%zz'].map((path) => pathIn(`${scope}${path}`, scope))).toEqual(['', '', 'find/', 'patterns/saga/', '', 'a b/', '%zz']);
});
