/**
 * Where everything stands. Patterns stand in one or two columns and look at the space beside them, in which all lines run:
 * so no line can cross a plate, however many there are.
 */
import { categories } from '../catalogue/vocabulary.ts';
import type { Category } from '../catalogue/vocabulary.ts';
import type { Chart, ChartedPattern } from './charted.ts';
import { joined } from './joined.ts';
import { shortestLines } from './order.ts';
import type { Line, Plate, Region, Shape } from './placed.ts';
import { textWidth } from './text-width.ts';

export interface Layout { shape: Shape; width: number; height: number; regions: Region[]; plates: Plate[]; lines: Line[] }

export const measures = {
  wide: { width: 1216, letters: 14, glyph: 40, padding: 10, longColumn: [14, 34] },
  narrow: { width: 344, letters: 13, glyph: 0, padding: 5, longColumn: [0, 34] },
} as const;

const headHeight = 46;
const betweenRegions = 20;
const betweenPlates = 6;
/** Of a plate around its name. */
const margins = 24;
/** A column with fewer plates is stretched to the height of the other, but no plate drifts further from the next than this. */
const mostStretch = 26;

export function layOut({ patterns, relations }: Chart, shape: Shape): Layout {
  const { width, letters, glyph, padding, longColumn } = measures[shape];
  const used = (Object.keys(categories) as Category[]).filter((category) => patterns.some((pattern) => pattern.category === category));
  // In the order of the catalogue, from left to right and down: the first, third and fifth on the left.
  const sides = shape === 'narrow' ? [used] : [0, 1].map((side) => used.filter((_, at) => at % 2 === side));
  const columns = shortestLines(sides.map((side) => side.flatMap((category) => patterns.filter((pattern) => pattern.category === category).toSorted(byTitle))), relations);
  const longest = Math.max(0, ...columns.map((column) => column.length));
  const plateHeight = longest <= longColumn[0] ? 34 : longest <= longColumn[1] ? 30 : 28;
  const plateWidth = Math.ceil(Math.max(...patterns.map(({ title }) => textWidth(title, letters)), 120) + margins + glyph);
  const columnWidth = plateWidth + 2 * padding;

  const bare = columns.map((column) => heightOf(column, plateHeight, padding));
  const height = Math.max(...bare, 0);
  const regions: Region[] = [];
  const plates: Plate[] = [];
  columns.forEach((column, at) => {
    const side = at === 0 ? 'left' : 'right';
    const x = side === 'left' ? 0 : width - columnWidth;
    const missing = height - (bare[at] ?? 0);
    const stretch = Math.min(mostStretch, column.length === 0 ? 0 : missing / column.length);
    const groups = Map.groupBy(column, ({ category }) => category);
    const extraBetween = groups.size < 2 ? 0 : (missing - stretch * column.length) / (groups.size - 1);
    let y = 0;
    for (const [category, members] of groups) {
      const pitch = plateHeight + betweenPlates + stretch;
      const regionHeight = headHeight + members.length * pitch - betweenPlates + padding;
      regions.push({ category, patterns: members.length, x, y, width: columnWidth, height: regionHeight });
      members.forEach((pattern, place) => plates.push({ pattern, side, x: x + padding, y: y + headHeight + stretch / 2 + place * pitch, width: plateWidth, height: plateHeight }));
      y += regionHeight + betweenRegions + extraBetween;
    }
  });
  const space = shape === 'narrow' ? width - columnWidth : width - 2 * columnWidth;
  return { shape, width, height, regions, plates, lines: joined(plates, relations, space, shape) };
}

function heightOf(column: readonly ChartedPattern[], plateHeight: number, padding: number): number {
  const regions = new Set(column.map(({ category }) => category)).size;
  return column.length * (plateHeight + betweenPlates) + regions * (headHeight + padding - betweenPlates) + Math.max(0, regions - 1) * betweenRegions;
}

function byTitle(a: ChartedPattern, b: ChartedPattern): number {
  return a.title.localeCompare(b.title, 'en');
}
