import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ContentTree } from './content-tree.ts';

test('a tree lists its files once, and again when it is asked to, with what was planted', () => {
  const root = mkdtempSync(join(tmpdir(), 'tree-'));
  try {
    mkdirSync(join(root, 'content/data'), { recursive: true });
    writeFileSync(join(root, 'content/data/a.yaml'), '- a\n');
    const tree = new ContentTree(root).with({ 'content/data/planted.yaml': '- p\n' });
    expect(tree.files).toEqual(['content/data/a.yaml', 'content/data/planted.yaml']);
    writeFileSync(join(root, 'content/data/b.yaml'), '- b\n');
    expect(tree.with({}).files).toEqual(['content/data/a.yaml', 'content/data/planted.yaml']);
    expect(tree.listedAnew().files).toEqual(['content/data/a.yaml', 'content/data/b.yaml', 'content/data/planted.yaml']);
  } finally {
    rmSync(root, { recursive: true });
  }
});
