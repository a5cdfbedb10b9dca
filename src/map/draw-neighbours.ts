import { drawEnding, lineColour } from './draw-line.ts';
import type { Chart } from './charted.ts';
import { drawGlyph } from './draw-glyph.ts';
import type { DrawnMap, GlyphOf } from './draw-glyph.ts';
import { glyphRoom, layOutNeighbours, letters, neighboursOf } from './neighbourhood.ts';
import type { Neighbourhood, NeighbourLine, NeighbourPlate } from './neighbourhood.ts';
import type { Shape } from './placed.ts';
import { strokes } from './strokes.ts';
import { element, escaped, text } from './svg.ts';

export interface NeighbourOptions {
  shape: Shape;
  glyph: GlyphOf;
  /** Where the page of a pattern is. */
  address: (slug: string) => string;
}

/** @returns nothing for a pattern that no other is related to. @throws when the chart does not have the pattern */
export function drawNeighbours(slug: string, chart: Chart, { shape, glyph, address }: NeighbourOptions): DrawnMap | undefined {
  const pattern = chart.patterns.find((each) => each.slug === slug);
  if (pattern === undefined) throw new Error(`the map has no pattern "${slug}"`);
  const neighbours = neighboursOf(slug, chart);
  if (neighbours.length === 0) return undefined;
  const { width, height, centre, plates, lines, trunk } = layOutNeighbours(pattern, neighbours, shape);
  const colour = `var(--cat-${pattern.category})`;
  const title = `Around ${pattern.title}`;
  const description = `${neighbours.map(({ word, pattern: other }) => `${word} ${other.title}`).join('; ')}.`;
  const svg = element('svg', { xmlns: 'http://www.w3.org/2000/svg', viewBox: `0 0 ${width} ${height}`, width: '100%', role: 'group', 'aria-labelledby': 'around-title', 'aria-describedby': 'around-text' },
    `<title id="around-title">${escaped(title)}</title><desc id="around-text">${escaped(description.charAt(0).toUpperCase() + description.slice(1))}</desc>`
    + element('g', { fill: 'none', 'aria-hidden': 'true' }, (trunk === undefined ? '' : element('path', { d: trunk, stroke: 'var(--edge)' })) + lines.map(drawLine).join(''))
    + drawCentre(centre, colour, glyph(slug, pattern.category))
    + plates.map((plate) => drawPlate(plate, glyph, address)).join(''));
  return { svg, width, height };
}

function drawLine({ neighbour: { as, pointedAt }, path, inner, outer, facing }: NeighbourLine): string {
  const { ending, dashes } = strokes[as];
  const back = facing === 'left' ? 'right' : 'left';
  // Both ends of a conflict are crossed.
  const ends = ending === undefined ? [] : ending === 'cross' ? [[outer, facing], [inner, back]] as const : pointedAt ? [[outer, facing]] as const : [[inner, back]] as const;
  return element('g', lineColour(as), element('path', { d: path }) + ends.map(([point, to]) => drawEnding(ending ?? 'arrow', point, to, dashes !== undefined, 'var(--paper)')).join(''));
}

function drawCentre({ x, y, width, height, lines }: Neighbourhood['centre'], colour: string, glyph: string): string {
  return element('rect', { x, y, width, height, rx: 7, fill: 'var(--surface)', stroke: colour, 'stroke-width': 2 })
    + drawGlyph(glyph, x + 10, y + (height - 26) / 2, 26, colour)
    + lines.map((line, at) => text(line, { x: x + 10 + glyphRoom.centre, y: y + height / 2 + letters.centre * 0.35 + (at - (lines.length - 1) / 2) * 18, 'font-size': letters.centre, 'font-weight': 600, fill: 'var(--ink)' })).join('');
}

function drawPlate({ neighbour: { pattern: { slug, title, category }, word }, x, y, width, height }: NeighbourPlate, glyph: GlyphOf, address: NeighbourOptions['address']): string {
  const colour = `var(--cat-${category})`;
  return element('a', { href: address(slug) },
    element('rect', { x, y, width, height, rx: 6, fill: 'var(--surface)', stroke: `color-mix(in srgb, ${colour} 60%, var(--surface))` })
    + drawGlyph(glyph(slug, category), x + 9, y + (height - 22) / 2, 22, colour)
    + text(`${word} `, { x: x + 12 + glyphRoom.plate, y: y + 17, 'font-size': letters.word, fill: 'var(--muted)' })
    + text(title, { x: x + 12 + glyphRoom.plate, y: y + 34, 'font-size': letters.name, 'font-weight': 600, fill: 'var(--ink)' }));
}
