import { statSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { readCatalogue } from '../../src/catalogue/files.ts';
import { root } from '../architecture/repository.ts';
import { siteDir, siteFiles } from './built-site.ts';

const { patterns, problems, guides } = readCatalogue(root);
const mostBytes = 60 * 1024;

describe('preview pictures', () => {
  const wanted = [
    ...patterns.filter(({ data }) => data.status !== 'outline').map(({ slug }) => `patterns/${slug}/preview.png`),
    ...problems.map(({ slug }) => `problems/${slug}/preview.png`),
    ...guides.map(({ slug }) => `guides/${slug}/preview.png`),
    'preview.png',
  ].sort();

  test('there is one for each pattern, problem and guide, and one for the rest', () => {
    expect(siteFiles.filter((file) => file.endsWith('preview.png'))).toEqual(wanted);
  });

  test('each is 1200 by 630 and at most 60 KB', async () => {
    const found = await Promise.all(wanted.map(async (file) => ({ file, ...await sharp(join(siteDir, file)).metadata() })));
    expect(found.filter(({ format, width, height }) => format !== 'png' || width !== 1200 || height !== 630).map(({ file }) => file)).toEqual([]);
    expect(wanted.filter((file) => statSync(join(siteDir, file)).size > mostBytes)).toEqual([]);
  });
});
