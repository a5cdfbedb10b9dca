import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { namedPages, unlistedAmong } from './unlisted.ts';

test('drafts and superseded pages are kept from search engines, with their code; comparisons of a superseded one as well', () => {
  const isUnlisted = unlistedAmong([
    { folder: 'patterns', slug: 'lid', status: 'superseded' }, { folder: 'patterns', slug: 'cosy', status: 'draft' }, { folder: 'patterns', slug: 'pot', status: 'stable' }, { folder: 'guides', slug: 'tea', status: 'superseded' },
  ]);
  const hidden = ['/patterns/lid/', '/patterns/lid/code/', '/patterns/cosy/', '/guides/tea/', '/compare/lid-or-pot/', '/compare/cosy-or-lid/'];
  const shown = ['/patterns/pot/', '/patterns/', '/problems/lid/', '/patterns/glass-lid/', '/compare/cosy-or-pot/', '/compare/cosy-or-glass-lid/', '/compare/', '/patterns/lid/1.0/'];
  expect(hidden.filter((path) => !isUnlisted(path) || !isUnlisted(`https://example.org/base${path}`))).toEqual([]);
  expect(shown.filter(isUnlisted)).toEqual([]);
});

test('what a page is stands in its file', () => {
  const root = mkdtempSync(join(tmpdir(), 'unlisted-'));
  for (const [file, text] of Object.entries({ 'patterns/data/lid.mdx': '---\r\nstatus: superseded\r\n---\r\n', 'problems/cold.mdx': '---\nstatus: draft # still\n---\nstatus: stable\n', 'index.mdx': '---\nstatus: draft\n---\n' })) {
    mkdirSync(dirname(join(root, 'content/docs', file)), { recursive: true });
    writeFileSync(join(root, 'content/docs', file), text);
  }
  expect(namedPages(root)).toEqual([{ folder: 'patterns', slug: 'lid', status: 'superseded' }, { folder: 'problems', slug: 'cold', status: 'draft' }]);
  rmSync(root, { recursive: true });
});
