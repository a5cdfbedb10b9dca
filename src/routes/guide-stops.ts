/** The patterns that a guide leads through, for readers who follow it from page to page. */
import type { APIRoute } from 'astro';
import { listedGuides, listedPatterns } from '../catalogue/entries.ts';

export async function getStaticPaths() {
  const patterns = await listedPatterns();
  return (await listedGuides()).map(({ slug, address: path, data: { title, patterns: through } }) => ({
    params: { slug },
    props: { title, path, stops: through.flatMap((stop) => patterns.filter((page) => page.slug === stop).map(({ address, data }) => ({ title: data.title, path: address }))) },
  }));
}

export const GET: APIRoute = ({ props }) => Response.json(props);
