import type { Category } from '../catalogue/vocabulary.ts';

/** SVG text in `currentColor`, on a grid of 48: of a pattern or of a category. */
export type GlyphOf = (of: string, category: Category) => string;

export interface DrawnMap { svg: string; width: number; height: number }

/** At this size the strokes of 48 pixels would be too thin. */
export function drawGlyph(svg: string, x: number, y: number, size: number, colour: string): string {
  const [, attributes = '', inside = ''] = /^<svg([^>]*)>([^]*)<\/svg>$/.exec(svg) ?? [];
  const kept = attributes.replaceAll(/ (xmlns|viewBox)="[^"]*"/g, '').replace(/ stroke-width="([\d.]+)"/, (_, width: string) => ` stroke-width="${Math.round(Number(width) * 13) / 10}"`);
  return `<g class="glyph" transform="translate(${x} ${y})scale(${Math.round((size / 48) * 1000) / 1000})"${kept}>${inside}</g>`.replaceAll('currentColor', colour);
}
