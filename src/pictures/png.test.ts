import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
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

test('a drawing that is too long for a picture comes smaller', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'pictures-'));
  const tall = '<svg xmlns="http://www.w3.org/2000/svg" width="10" height="40000"><path d="M0 0h10v40000H0z"/></svg>';
  expect(await sharp(await png(tall, 2, folder)).metadata()).toMatchObject({ width: 4, height: 16_000 });
  expect(await sharp(await png(tall.replaceAll('40000', '400'), 2, folder)).metadata()).toMatchObject({ width: 20, height: 800 });
  rmSync(folder, { recursive: true });
});
