import { readFileSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { paint, PaintError, tokensOf } from './paint.ts';
import { png } from './png.ts';
import { previewHeight, previewSvg, previewWidth } from './preview.ts';
import type { Preview } from './preview.ts';

const css = readFileSync(new URL('../styles/tokens.css', import.meta.url), 'utf8');
const light = tokensOf(css, 'light');
const glyph = readFileSync(new URL('../components/glyphs/saga.svg', import.meta.url), 'utf8');
const preview: Preview = { kicker: 'Data pattern', title: 'Saga', line: { label: 'Answers', text: 'A business transaction spans services' }, accent: '--cat-data', glyphs: [{ svg: glyph, accent: '--cat-data' }] };
let folder: string;

beforeAll(async () => { folder = await mkdtemp(join(tmpdir(), 'pictures-')); });
afterAll(() => rm(folder, { recursive: true }));

describe('paint', () => {
  const tokens = new Map([['--a', '#fff'], ['--b', '#000000'], ['--c', 'var(--a)']]);

  test('works out names, names of names, what stands in for a name, and mixtures', () => {
    expect(paint('var(--c)', tokens)).toBe('#fff');
    expect(paint('1px solid var(--none, var(--b))', tokens)).toBe('1px solid #000000');
    expect(paint('color-mix(in srgb, var(--a) 25%, var(--b))', tokens)).toBe('#404040');
    expect(paint('color-mix(in srgb,var(--b) 50%,transparent)', tokens)).toBe('#00000080');
  });

  test('a name that no token has is an error that says which there are', () => {
    expect(() => paint('var(--d)', tokens)).toThrow(PaintError);
    expect(() => paint('var(--d)', tokens)).toThrow('--a, --b, --c');
  });

  test('knows the tokens of the site in both themes', () => {
    expect(paint('var(--paper)', light)).toBe('#fbfaf6');
    expect(paint('var(--paper)', tokensOf(css, 'dark'))).toBe('#0f141c');
    expect(paint('var(--radius)', tokensOf(css, 'dark'))).toBe(light.get('--radius'));
  });
});

describe('a preview picture', () => {
  test.each(['Transactional Outbox', 'Event-Driven Architecture', 'Deep code cannot be replaced while releasing'])('keeps "%s" in its column', async (title) => {
    const { data, info } = await sharp(Buffer.from(await previewSvg({ ...preview, title }, light))).removeAlpha().raw().toBuffer({ resolveWithObject: true });
    const isPaper = (x: number, y: number): boolean => data[(y * info.width + x) * 3] === 0xfb;
    const columnEnd = 706;
    expect(Array.from({ length: info.height }, (_, y) => isPaper(columnEnd, y) && isPaper(columnEnd + 25, y)).every(Boolean)).toBe(true);
    expect(Array.from({ length: 12 }, (_, y) => Array.from({ length: 640 }, (__, x) => isPaper(64 + x, 112 + y))).flat().every(Boolean)).toBe(true);
  });

  test('is drawn with paths alone: no font of a machine matters', async () => {
    const svg = await previewSvg(preview, light);
    expect(svg).not.toMatch(/<text\b/);
    expect(svg).toContain(light.get('--cat-data'));
  });

  test('keeps title and line inside, however long they are', async () => {
    const long = { ...preview, title: 'Clients know too much about the services behind them', line: { label: 'Candidates', text: 'API gateway, Gateway aggregation, Backends for frontends and 2 more' } };
    const { data, info } = await sharp(Buffer.from(await previewSvg(long, light))).removeAlpha().raw().toBuffer({ resolveWithObject: true });
    const paper = [0xfb, 0xfa, 0xf6];
    const rows = Array.from({ length: info.height }, (_, y) => {
      const row = data.subarray(y * info.width * 3, (y * info.width + 720) * 3);
      return row.every((channel, index) => channel === paper[index % 3]);
    });
    // Paper above and below, and between the mark of the site and the title.
    expect(rows.slice(0, 60).every(Boolean) && rows.slice(-55).every(Boolean)).toBe(true);
    expect(rows.slice(112, 124).every(Boolean)).toBe(true);
  });

  test('a letter that the fonts do not have is an error that names it', async () => {
    await expect(previewSvg({ ...preview, title: 'Saga 佐賀' }, light)).rejects.toThrow('Saga 佐賀');
  });

  test('is a PNG of the size that head tags announce, the same bytes each time, cached or not', async () => {
    const svg = await previewSvg(preview, light);
    const [first, cached] = [await png(svg, 1, folder), await png(svg, 1, folder)];
    expect(await readdir(folder)).toHaveLength(1);
    expect(Buffer.compare(first, cached)).toBe(0);
    await rm(folder, { recursive: true });
    expect(Buffer.compare(first, await png(await previewSvg(preview, light), 1, folder))).toBe(0);
    expect(await sharp(first).metadata()).toMatchObject({ format: 'png', width: previewWidth, height: previewHeight });
    expect(first.length).toBeLessThan(60 * 1024);
  });
});
