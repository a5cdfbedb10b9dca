/** The small map on the page of a pattern, in both shapes; nothing where no other written page is related to it, or nobody has reviewed its own. What was superseded stands on no map but its own. */
import type { PatternPage } from '../catalogue/entries.ts';
import { relationsAmong } from '../catalogue/relations.ts';
import { isCurrent } from '../catalogue/vocabulary.ts';
import type { DrawnMap } from '../map/draw-glyph.ts';
import { drawNeighbours } from '../map/draw-neighbours.ts';
import { glyphMarkup } from './glyphs.ts';

export function neighbourDrawings(slug: string, all: readonly PatternPage[], address: (slug: string) => string): { wide: DrawnMap; narrow: DrawnMap } | undefined {
  if (!all.some((page) => page.slug === slug)) return undefined;
  const pages = all.filter((page) => page.slug === slug || isCurrent(page.data));
  const chart = { patterns: pages.map((page) => ({ slug: page.slug, title: page.data.title, category: page.data.category })), relations: relationsAmong(pages) };
  const [wide, narrow] = (['wide', 'narrow'] as const).map((shape) => drawNeighbours(slug, chart, { shape, glyph: glyphMarkup, address }));
  return wide === undefined || narrow === undefined ? undefined : { wide, narrow };
}
