import { posix, win32 } from 'node:path';
import { expect, test } from 'vitest';
import { pathBelow } from './path-below.ts';

test.each([
  ['C:\\atlas', 'C:\\atlas\\content\\docs\\index.mdx', 'content/docs/index.mdx'],
  ['C:\\atlas\\', 'c:\\atlas\\content/docs\\index.mdx', 'content/docs/index.mdx'],
  ['C:/atlas/', 'C:\\atlas\\saga.ts', 'saga.ts'],
])('on Windows: %s, %s', (folder, file, below) => {
  expect(pathBelow(folder, file, win32)).toBe(below);
});

test.each([
  ['/atlas', '/atlas/content/docs/index.mdx', 'content/docs/index.mdx'],
  ['/atlas/', '/atlas/a\\b.mdx', 'a\\b.mdx'],
])('elsewhere: %s, %s', (folder, file, below) => {
  expect(pathBelow(folder, file, posix)).toBe(below);
});
