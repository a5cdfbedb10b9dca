import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { filesBelow } from '../../src/catalogue/files.ts';
import { root } from '../architecture/repository.ts';

/** How the page about it calls what a browser keeps, by its key in the storage. */
const told: Record<string, string> = { recent: 'Recently read', guide: 'The guide that you follow', theme: 'Theme', read: 'How much of a page is open', keys: 'Keys' };

test('the page about privacy tells all that the site keeps in a browser, and nothing else', () => {
  const sources = ['.ts', '.astro'].flatMap((ending) => filesBelow(root, 'src', ending)).filter((file) => !file.endsWith('.test.ts')).map((file) => readFileSync(join(root, file), 'utf8'));
  const key = /(?:local|session)Storage(?:\.(?:get|set|remove)Item\('(\w+)'|\['(\w+)'\]|\.(?!(?:get|set|remove)Item\b)(\w+))|keptSwitch\('(\w+)'/g;
  const kept = new Set(sources.flatMap((text) => [...text.matchAll(key)].flatMap((found) => found.slice(1).filter((name) => name !== undefined))));
  expect([...kept].sort()).toEqual(Object.keys(told).sort());
  const page = readFileSync(join(root, 'content/docs/privacy.mdx'), 'utf8');
  expect([...page.matchAll(/^- \*\*(.+?)\.\*\*/gm)].map(([, name]) => name).sort()).toEqual([...Object.values(told), 'The catalogue'].sort());
});
