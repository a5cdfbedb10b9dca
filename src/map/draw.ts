/** The map as SVG. Everything that shows is written as attributes, in the site's tokens: so a file can be made of it that needs no sheet. */
import { categories, relationKinds } from '../catalogue/vocabulary.ts';
import type { Chart } from './charted.ts';
import { drawGlyph } from './draw-glyph.ts';
import type { DrawnMap, GlyphOf } from './draw-glyph.ts';
import { drawLine, kindsIn, lineColour } from './draw-line.ts';
import { legend, legendHeight } from './legend.ts';
import { layOut, measures } from './layout.ts';
import type { Plate, Region, Shape } from './placed.ts';
import { marks } from './marks.ts';
import { element, escaped, text } from './svg.ts';

export interface MapOptions {
  shape: Shape;
  title: string;
  description: string;
  glyph: GlyphOf;
  /** Words at both ends of each line, for a page that shows them for one pattern at a time. */
  words: boolean;
}

export function drawMap(chart: Chart, { shape, title, description, glyph, words }: MapOptions): DrawnMap {
  const layout = layOut(chart, shape);
  const { width, plates, regions, lines } = layout;
  const { classesOf, numberOf } = marks(chart);
  const kinds = kindsIn(lines);
  const height = layout.height + legendHeight(kinds, shape);
  const id = `map-${shape}`;
  const plateOf = new Map(plates.map((plate) => [plate.pattern.slug, plate]));
  const drawnLines = kinds.map((kind) => element('g', lineColour(kind), lines.filter(({ relation }) => relation.as === kind).map((line) => drawLine(line, {
    classes: classesOf(line.relation), ground: 'var(--surface)',
    words: words ? [{ at: plateOf.get(line.relation.to), text: relationKinds[kind].label, seenFrom: numberOf(line.relation.from) }, { at: plateOf.get(line.relation.from), text: relationKinds[kind].inverse, seenFrom: numberOf(line.relation.to) }] : [],
  })).join(''))).join('');
  const grounds = regions.map(drawGround).join('');
  const drawnRegions = regions.map((region) => element('g', { role: 'group', 'aria-label': categories[region.category].label },
    drawHead(region, shape, glyph) + plates.filter(({ pattern }) => pattern.category === region.category).map((plate) => drawPlate(plate, shape, classesOf(plate.pattern.slug), glyph)).join(''))).join('');
  const svg = element('svg', { xmlns: 'http://www.w3.org/2000/svg', class: `chart ${shape}`, id, viewBox: `0 0 ${width} ${height}`, role: 'group', 'aria-labelledby': `${id}-title`, 'aria-describedby': `${id}-text` },
    `<title id="${id}-title">${escaped(title)}</title><desc id="${id}-text">${escaped(description)}</desc>`
    + element('g', { 'aria-hidden': 'true' }, grounds + element('g', { fill: 'none' }, drawnLines)) + drawnRegions + element('g', { 'aria-hidden': 'true' }, legend(kinds, shape, layout.height, width)));
  return { svg, width, height };
}

/** Below the lines, which end at plates. */
function drawGround({ category, x, y, width, height }: Region): string {
  return element('rect', { x, y: tenth(y), width, height: tenth(height), rx: 8, fill: 'var(--paper)', stroke: 'var(--hairline)' })
    + element('rect', { x, y: tenth(y), width, height: 3, rx: 1.5, fill: `var(--cat-${category})` });
}

function drawHead({ category, x, y, width, patterns }: Region, shape: Shape, glyph: GlyphOf): string {
  const colour = `var(--cat-${category})`;
  const { letters } = measures[shape];
  return drawGlyph(glyph(category, category), x + 12, tenth(y + 13), 24, colour)
    + element('a', { href: `/categories/${category}/`, class: 'region' }, text(categories[category].label, { x: x + 44, y: tenth(y + 30), 'font-size': letters + 2, 'font-weight': 600, fill: colour }))
    + text(String(patterns), { x: x + width - 14, y: tenth(y + 30), 'font-size': letters, 'text-anchor': 'end', fill: 'var(--muted)', 'aria-hidden': 'true' });
}

function drawPlate({ pattern: { slug, title, category }, x, y, width, height }: Plate, shape: Shape, classes: string, glyph: GlyphOf): string {
  const { letters, glyph: room } = measures[shape];
  const size = Math.min(24, height - 4);
  return element('a', { href: `/patterns/${slug}/`, class: `plate ${classes}` },
    element('rect', { x, y: tenth(y), width, height, rx: 6, fill: 'var(--surface)', stroke: `color-mix(in srgb, var(--cat-${category}) 60%, var(--surface))` })
    + (room === 0 ? '' : drawGlyph(glyph(slug, category), x + 12, tenth(y + (height - size) / 2), size, `var(--cat-${category})`))
    + text(title, { x: x + 12 + room, y: tenth(y + height / 2 + letters * 0.35), 'font-size': letters, 'font-weight': 600, fill: 'var(--ink)' }));
}

function tenth(number: number): number {
  return Math.round(number * 10) / 10;
}

