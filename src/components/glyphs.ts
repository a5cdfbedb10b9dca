/** The drawings as text: for components, and for answers that the finder fetches. */
import type { Category } from '../catalogue/vocabulary.ts';

const drawings: Record<string, string> = import.meta.glob('./glyphs/**/*.svg', { query: '?raw', import: 'default', eager: true });

/** The glyph of a pattern, or that of its category while it has none; without white space between elements. */
export function glyphMarkup(slug: string, category: Category | undefined): string {
  const svg = drawings[`./glyphs/${slug}.svg`] ?? drawings[`./glyphs/categories/${category ?? slug}.svg`] ?? '';
  return svg.replaceAll(/>\s+</g, '><').trim();
}
