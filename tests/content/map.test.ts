/** The map at three sizes: what is written, all that is known, and about a hundred patterns. */
import { describe, expect, test } from 'vitest';
import { readCatalogue } from '../../src/catalogue/files.ts';
import type { Catalogue } from '../../src/catalogue/files.ts';
import { relationsAmong } from '../../src/catalogue/relations.ts';
import { readSynonyms } from '../../src/catalogue/synonyms.ts';
import { SynonymTable, synonymGroups } from '../../src/finder/synonyms.ts';
import type { Chart } from '../../src/map/charted.ts';
import { drawMap } from '../../src/map/draw.ts';
import { layOut, measures } from '../../src/map/layout.ts';
import { glyphRoom, layOutNeighbours, letters, neighboursOf } from '../../src/map/neighbourhood.ts';
import type { Box, Line } from '../../src/map/placed.ts';
import { textWidth } from '../../src/map/text-width.ts';
import { largerCatalogue } from './larger-catalogue.ts';

const catalogue = readCatalogue();
const charts: [name: string, Chart][] = [
  ['what is written', chartOf(catalogue.patterns.filter(({ data }) => data.status !== 'outline'))],
  ['all that is known', chartOf(catalogue.patterns)],
  ['a hundred patterns', largerChart()],
];

describe.each(charts)('%s', (_, chart) => {
  describe.each(['wide', 'narrow'] as const)('%s', (shape) => {
    const { plates, regions, lines, width, height } = layOut(chart, shape);

    test('has a plate for each pattern, and a line for each relation, once', () => {
      expect(plates.map(({ pattern }) => pattern.slug).sort()).toEqual(chart.patterns.map(({ slug }) => slug).sort());
      expect(lines.map(({ relation }) => named(relation)).sort()).toEqual(chart.relations.map(named).sort());
    });

    test('no plate lies on another, and each lies in its region', () => {
      expect(plates.flatMap((one, at) => plates.slice(at + 1).filter((other) => meet(one, other)).map((other) => `${one.pattern.slug} and ${other.pattern.slug}`))).toEqual([]);
      expect(plates.filter((plate) => !regions.some((region) => region.category === plate.pattern.category && within(plate, region)))).toEqual([]);
      expect(regions.flatMap((one, at) => regions.slice(at + 1).filter((other) => meet(one, other)))).toEqual([]);
      expect(regions.filter((region) => !within(region, { x: 0, y: 0, width, height: height + 0.01 }))).toEqual([]);
    });

    test('each name fits its plate', () => {
      const { letters: size, glyph } = measures[shape];
      expect(plates.filter((plate) => 12 + glyph + textWidth(plate.pattern.title, size) + 6 > plate.width).map(({ pattern }) => pattern.title)).toEqual([]);
    });

    test('plates are tall enough for a finger', () => {
      expect(Math.min(...plates.map((plate) => plate.height))).toBeGreaterThanOrEqual(28);
    });

    test('no line crosses a plate or leaves the map', () => {
      const wrong = lines.flatMap((line) => pointsOf(line).flatMap((point) => [
        ...plates.filter((plate) => inside(point, plate)).map(({ pattern }) => `${named(line.relation)} crosses ${pattern.slug}`),
        ...(point.x < 0 || point.x > width || point.y < 0 || point.y > height ? [`${named(line.relation)} leaves the map`] : []),
      ]));
      expect([...new Set(wrong)]).toEqual([]);
    });

    test('no two lines leave a plate at one place', () => {
      const ends = lines.flatMap(({ start, end }) => [start, end]).map(({ x, y }) => `${x} ${y}`);
      expect(new Set(ends).size).toBe(ends.length);
    });

    test('is the same drawing each time', () => {
      const again = JSON.parse(JSON.stringify(chart)) as Chart;
      expect(drawn(again, shape)).toBe(drawn(chart, shape));
      expect(drawn(chart, shape)).not.toMatch(/NaN|undefined|Infinity/);
    });
  });

  test('around each pattern stand its relations, each once, and no plate on another or on the pattern', () => {
    for (const pattern of chart.patterns) {
      const neighbours = neighboursOf(pattern.slug, chart);
      const own = chart.relations.filter(({ from, to }) => from === pattern.slug || to === pattern.slug);
      expect(neighbours.map(({ pattern: { slug }, as, pointedAt }) => (pointedAt ? named({ from: pattern.slug, as, to: slug }) : named({ from: slug, as, to: pattern.slug }))).sort(), pattern.slug).toEqual(own.map(named).sort());
      for (const shape of ['wide', 'narrow'] as const) {
        if (neighbours.length === 0) continue;
        const { width, height, centre, plates, lines } = layOutNeighbours(pattern, neighbours, shape);
        expect(plates).toHaveLength(neighbours.length);
        expect(lines).toHaveLength(neighbours.length);
        const boxes: Box[] = [centre, ...plates];
        expect(boxes.flatMap((one, at) => boxes.slice(at + 1).filter((other) => meet(one, other))), `${pattern.slug}, ${shape}`).toEqual([]);
        expect(boxes.filter((box) => !within(box, { x: 0, y: 0, width, height })), `${pattern.slug}, ${shape}`).toEqual([]);
        expect(plates.filter(({ neighbour, width: room }) => 12 + glyphRoom.plate + textWidth(neighbour.pattern.title, letters.name) + 6 > room)).toEqual([]);
      }
    }
  });

  test('no word beside a plate lies on a plate', () => {
    const { plates } = layOut(chart, 'wide');
    const words = [...drawn(chart, 'wide').matchAll(/<text class="word [^"]*" x="([\d.]+)" y="([\d.]+)"( text-anchor="end")?>([^<]+)</g)]
      .map(([, x, y, end, text = '']): Box => ({ x: Number(x) - (end === undefined ? 0 : textWidth(text, 13)), y: Number(y) - 12, width: textWidth(text, 13), height: 15 }));
    expect(words).toHaveLength(2 * chart.relations.length);
    expect(words.filter((word) => plates.some((plate) => meet(word, plate)))).toEqual([]);
  });
});

test('what overlaps is found', () => {
  const box: Box = { x: 0, y: 0, width: 10, height: 10 };
  expect(meet(box, { ...box, x: 9 })).toBe(true);
  expect(meet(box, { ...box, x: 10 })).toBe(false);
  const line = { path: 'M0 0C10 0 10 10 0 10' } as Line;
  expect(pointsOf(line).some((point) => inside(point, { x: 5, y: 3, width: 4, height: 4 }))).toBe(true);
});

function chartOf(patterns: Catalogue['patterns']): Chart {
  const sorted = patterns.toSorted((a, b) => a.data.title.localeCompare(b.data.title, 'en'));
  return { patterns: sorted.map(({ slug, data: { title, category } }) => ({ slug, title, category })), relations: relationsAmong(sorted) };
}

function largerChart(): Chart {
  const { patterns } = largerCatalogue(catalogue, new SynonymTable(synonymGroups(readSynonyms())), 100);
  return chartOf(patterns);
}

function drawn(chart: Chart, shape: 'wide' | 'narrow'): string {
  return drawMap(chart, { shape, title: 'Map', description: 'All of it.', glyph: () => '<svg viewBox="0 0 48 48"><path d="M0 0"/></svg>', words: true }).svg;
}

function named({ from, as, to }: Chart['relations'][number]): string {
  return `${from} ${as} ${to}`;
}

function meet(a: Box, b: Box): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

function within(a: Box, b: Box): boolean {
  return a.x >= b.x && a.y >= b.y && a.x + a.width <= b.x + b.width && a.y + a.height <= b.y + b.height;
}

/** Its ends lie on the edge of a plate, which is not inside. */
function inside({ x, y }: { x: number; y: number }, box: Box): boolean {
  return x > box.x + 0.2 && x < box.x + box.width - 0.2 && y > box.y && y < box.y + box.height;
}

/** Fifty places along the curve that is drawn. */
function pointsOf({ path }: Line): { x: number; y: number }[] {
  const [x0 = 0, y0 = 0, x1 = 0, y1 = 0, x2 = 0, y2 = 0, x3 = 0, y3 = 0] = [...path.matchAll(/-?[\d.]+/g)].map(Number);
  return Array.from({ length: 51 }, (_, at) => {
    const t = at / 50;
    const at3 = (a: number, b: number, c: number, d: number): number => (1 - t) ** 3 * a + 3 * (1 - t) ** 2 * t * b + 3 * (1 - t) * t ** 2 * c + t ** 3 * d;
    return { x: at3(x0, x1, x2, x3), y: at3(y0, y1, y2, y3) };
  });
}
