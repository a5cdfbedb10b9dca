/** The sentences and the glyph of one pattern, fetched when the finder shows it. */
import type { APIRoute } from 'astro';
import { patternPages } from '../catalogue/entries.ts';
import { glyphMarkup } from '../components/glyphs.ts';
import { answerOf } from '../finder/pages.ts';

export async function getStaticPaths() {
  const pages = await patternPages();
  return pages.map((page) => ({ params: { slug: page.slug }, props: { ...answerOf(page, pages), glyph: glyphMarkup(page.slug, page.data.category) } }));
}

export const GET: APIRoute = ({ props }) => Response.json(props);
