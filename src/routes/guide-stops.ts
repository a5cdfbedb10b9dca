/** The patterns that a guide leads through, for readers who follow it from page to page. */
import type { APIRoute } from 'astro';
import { guidePages, patternPages } from '../catalogue/entries.ts';

export async function getStaticPaths() {
  const patterns = await patternPages();
  return (await guidePages()).map(({ slug, data: { title, patterns: through } }) => ({
    params: { slug },
    props: { title, stops: through.flatMap((stop) => patterns.filter((page) => page.slug === stop).map(({ address, data }) => ({ title: data.title, path: address }))) },
  }));
}

export const GET: APIRoute = ({ props }) => Response.json(props);
