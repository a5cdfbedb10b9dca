import { statSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { readComparisons } from '../../src/catalogue/comparisons.ts';
import { readCatalogue, withoutDrafts } from '../../src/catalogue/files.ts';
import { isPublished } from '../../src/catalogue/vocabulary.ts';
import { pairPath, pairsOf } from '../../src/citing/pairs.ts';
import { root } from '../architecture/repository.ts';
import { pages, siteDir, siteFiles, siteText } from './built-site.ts';

const { patterns, problems, guides } = withoutDrafts(readCatalogue(root));
const mostBytes = 60 * 1024;

describe('preview pictures', () => {
  const wanted = [
    ...patterns.filter(({ data }) => isPublished(data)).map(({ slug }) => `patterns/${slug}/preview.png`),
    ...problems.map(({ slug }) => `problems/${slug}/preview.png`),
    ...guides.map(({ slug }) => `guides/${slug}/preview.png`),
    ...[...pairsOf(patterns), ...readComparisons(root).map(({ of }) => of)].map((pair) => `${pairPath(pair).slice(1)}preview.png`),
    'map/preview.png',
    'preview.png',
  ].sort();

  test('there is one for each pattern, problem, guide and pair of alternatives, for the map, and one for the rest', () => {
    expect(siteFiles.filter((file) => file.endsWith('preview.png'))).toEqual(wanted);
  });

  test('each is 1200 by 630 and at most 60 KB', async () => {
    const found = await Promise.all(wanted.map(async (file) => ({ file, ...await sharp(join(siteDir, file)).metadata() })));
    expect(found.filter(({ format, width, height }) => format !== 'png' || width !== 1200 || height !== 630).map(({ file }) => file)).toEqual([]);
    expect(wanted.filter((file) => statSync(join(siteDir, file)).size > mostBytes)).toEqual([]);
  });
});

describe('diagrams as files', () => {
  const figures = pages.filter(({ address }) => /^\/(patterns|problems|guides)\/[^/]+\/$/.test(address))
    .flatMap(({ address, document }) => [...document.querySelectorAll('figure.diagram')].map((figure) => ({ address, figure })));

  test('each figure links its SVG and its PNG, and there is no other', () => {
    const linked = figures.flatMap(({ address, figure }) => {
      const links = [...figure.querySelectorAll('.diagram-files a')].map((link) => link.getAttribute('href') ?? '');
      expect(links.map((link) => link.slice(address.length).split('.').at(-1)), address).toEqual(['svg', 'png']);
      return links.map((link) => link.slice(1));
    });
    expect(figures.length).toBeGreaterThan(0);
    expect(siteFiles.filter((file) => /^(patterns|problems|guides)\/.*\.(svg|png)$/.test(file) && !/\/(preview\.png|neighbours\.(svg|png))$/.test(file))).toEqual(linked.sort());
  });

  test('an SVG says what the figure says, without a style of the site; a PNG has twice its size', async () => {
    for (const { figure } of figures) {
      const [svg = '', picture = ''] = [...figure.querySelectorAll('.diagram-files a')].map((link) => (link.getAttribute('href') ?? '').slice(1));
      const text = siteText(svg);
      expect(text).toContain(`<title id=`);
      expect(text, svg).not.toMatch(/class=|var\(--/);
      const [, width, height] = / width="(\d+)".* height="(\d+)"/.exec(text.replace(/>[^]*/, '')) ?? [];
      expect(await sharp(join(siteDir, picture)).metadata(), picture).toMatchObject({ width: 2 * Number(width), height: 2 * Number(height) });
    }
  });
});
