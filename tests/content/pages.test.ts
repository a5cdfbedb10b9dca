import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readCatalogue } from '../../src/catalogue/files.ts';
import { root } from '../architecture/repository.ts';

const { patterns, problems, guides, sources } = readCatalogue(root);
const pages = [...patterns.filter(({ data }) => data.status !== 'outline'), ...problems, ...guides];
const written = patterns.filter(({ data }) => data.status !== 'outline');

describe('the catalogue', () => {
  test('holds patterns and problems', () => {
    expect(written.length).toBeGreaterThanOrEqual(7);
    expect(problems.length).toBeGreaterThanOrEqual(8);
    expect(new Set(written.map(({ data }) => data.category)).size).toBe(5);
  });

  test('every source is used by a page', () => {
    const used = new Set(pages.flatMap(({ data }) => data.sources));
    expect([...sources.keys()].filter((key) => !used.has(key)).map((key) => `content/data/sources/${key}.yaml`)).toEqual([]);
  });
});

describe('sources', () => {
  const opened = (keys: readonly string[]): number => keys.filter((key) => sources.get(key)?.opened !== undefined).length;

  test('a pattern rests on at least two that were opened, a problem or a guide on one', () => {
    expect(written.filter(({ data }) => opened(data.sources) < 2).map(({ file }) => file)).toEqual([]);
    expect([...problems, ...guides].filter(({ data }) => opened(data.sources) < 1).map(({ file }) => file)).toEqual([]);
  });
});

describe('glyphs', () => {
  test('every pattern has one of at most 1.5 KB on the grid of 48, in the colour of the text', () => {
    for (const { slug } of written) {
      const file = `src/components/glyphs/${slug}.svg`;
      const glyph = readFileSync(`${root}${file}`, 'utf8');
      expect(Buffer.byteLength(glyph), file).toBeLessThanOrEqual(1536);
      expect(glyph, file).toMatch(/<svg [^>]*viewBox="0 0 48 48"/);
      expect(glyph, file).toContain('currentColor');
      expect(glyph, file).not.toMatch(/\sid=|<text|<script|<style|#[0-9a-f]{3,8}\b|rgb\(/i);
    }
  });
});
