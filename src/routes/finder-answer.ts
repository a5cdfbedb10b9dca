/** The sentences and the glyph of one pattern, fetched when the finder shows it; of patterns without a page too. */
import type { APIRoute } from 'astro';
import { bodyOf, knownPatterns, listedProblems, patternPages } from '../catalogue/entries.ts';
import { pageWords } from '../citing/page-words.ts';
import { glyphMarkup } from '../components/glyphs.ts';
import { answerOf } from '../finder/pages.ts';

export async function getStaticPaths() {
  const [patterns, problems] = [await knownPatterns(), await listedProblems()];
  const watch = new Map((await patternPages()).map(({ slug, entry }) => [slug, pageWords(bodyOf(entry)).watch]));
  return patterns.map((pattern) => ({ params: { slug: pattern.slug }, props: { ...answerOf(pattern, patterns, problems), watch: watch.get(pattern.slug), glyph: glyphMarkup(pattern.slug, pattern.data.category) } }));
}

export const GET: APIRoute = ({ props }) => Response.json(props);
