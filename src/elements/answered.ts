/** What the finder knows of a pattern that it shows. */
import type { Corpus, PatternCard } from '../finder/corpus.ts';
import type { Answer } from '../finder/pages.ts';

/** What `/find/answers/<slug>.json` holds. */
export type Answered = Answer & { /** SVG text. */ glyph: string };

/** More findings than this nobody compares. */
export const mostShown = 5;

export function cardOf(corpus: Corpus, slug: string): PatternCard | undefined {
  return corpus.patterns.find((card) => card.slug === slug);
}
