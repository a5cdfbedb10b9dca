import { expect, test } from 'vitest';
import { beyond } from './lean-preload.ts';

const imports = new Map([['page.js', ['state.js', 'nodes.js']], ['state.js', ['names.js']], ['later.js', ['names.js', 'words.js', 'page.js']]]);

test('what a module has imported, or what that imports, is not fetched beside one that it asks for later', () => {
  expect(beyond(imports, 'page.js', ['later.js', 'names.js', 'words.js', 'page.js', 'state.js'])).toEqual(['later.js', 'words.js']);
});

test('a module that needs nothing more stands in no list', () => {
  expect(beyond(imports, 'page.js', ['later.js', 'names.js', 'nodes.js'])).toEqual([]);
});

test('of a host that nobody knows everything is fetched', () => {
  expect(beyond(imports, 'other.js', ['later.js', 'names.js'])).toEqual(['later.js', 'names.js']);
});
