import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { png } from './png.ts';

test('the same drawing on two pages, made at once, is one file in the cache', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'pictures-'));
  const square = '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><path d="M0 0h8v8H0z"/></svg>';
  const [first, second] = await Promise.all([png(square, 1, folder), png(square, 1, folder)]);
  expect(first).toEqual(second);
  expect(readdirSync(folder)).toHaveLength(1);
  rmSync(folder, { recursive: true });
});
