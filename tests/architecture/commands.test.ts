/** What a reader is told to type exists, and what exists is told. */
import { expect, test } from 'vitest';
import { files, places, read } from './repository.ts';

const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
const texts = files.filter((file) => /^[^/]+\.md$|^content\/docs\/contribute\/.*\.mdx$|^\.github\/.*\.(md|yml)$/.test(file));
const called = /\bnpm run (?:--?[\w-]+ )*([a-z][\w:-]*)/g;

function unknown(file: string, text: string): string[] {
  return places(file, text, called).filter((place) => !Object.hasOwn(scripts, new RegExp(called.source).exec(place)?.[1] ?? ''));
}

test('commands in the texts are scripts of package.json', () => {
  expect(texts.flatMap((file) => unknown(file, read(file)))).toEqual([]);
  expect(unknown('x.md', 'Run `npm run --silent fnid -- x`, then npm run check.')).toEqual(['x.md:1: npm run --silent fnid']);
});

test('README.md lists every script', () => {
  const listed = new Set([...read('README.md').matchAll(/^\| `npm (?:run )?([\w:-]+)` \|/gm)].map(([, name]) => name));
  expect(Object.keys(scripts).filter((name) => !listed.has(name))).toEqual([]);
});

test('files that the texts name are there', () => {
  const named = ['README.md', 'CONTRIBUTING.md', 'ARCHITECTURE.md', 'PERFORMANCE.md'].flatMap((file) => [...read(file).matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, path = '']) => ({ file, path })));
  expect(named.filter(({ path }) => !files.some((file) => file === path || file.startsWith(path)))).toEqual([]);
});
