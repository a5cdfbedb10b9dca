import { expect, test } from 'vitest';
import { partOf, pathOf } from './kept-files.ts';

test('what a page shows or needs is kept', () => {
  const files = ['index.html', 'index.md', 'patterns/saga/index.html', 'patterns/saga/code/index.html', 'patterns/saga/decision.md', 'patterns/saga/cite.bib', 'patterns/saga/a-drawing.svg', 'find/index.json', 'pagefind/pagefind.js', 'pagefind/wasm.en.pagefind', '_astro/palette.x.js', 'offline/index.html', 'favicon.svg', 'manifest.webmanifest'];
  expect(files.filter((file) => partOf(file) !== 'catalogue')).toEqual([]);
});

test('PostgreSQL is a part of its own', () => {
  expect(['postgres/0.5.16/pglite.wasm.gz', '_astro/postgres-worker-a.js', '_astro/postgres-bench.a.js', '_astro/lab-a.js'].map(partOf)).toEqual(Array(4).fill('postgres'));
});

test('versions, pictures, raw files and what programs fetch are left out', () => {
  const files = ['404.html', 'sandbox.html', 'patterns/saga/1.0/index.html', 'patterns/saga/1.0/index.md', 'patterns/saga/card/index.html', 'patterns/saga/oembed.json', 'preview.png', 'sitemap-0.xml', 'changes.xml', 'llms-full.txt', 'patterns.json', 'schemas/patterns.json', 'examples/saga/saga.ts', 'examples/saga.json', '_astro/example-editor.x.js', 'offline.json', 'offline-worker.js'];
  expect(files.filter((file) => partOf(file) !== undefined)).toEqual([]);
});

test('a page stands at its address, another file at its name', () => {
  expect(['index.html', 'a/index.html', 'a/index.md'].map(pathOf)).toEqual(['', 'a/', 'a/index.md']);
});
