/** What a comparison says of one pattern, fetched when somebody compares it. */
import type { APIRoute } from 'astro';
import { comparedPatterns } from './facts.ts';

export async function getStaticPaths() {
  return (await comparedPatterns()).map((compared) => ({ params: { slug: compared.slug }, props: { compared } }));
}

export const GET: APIRoute = ({ props }) => Response.json(props['compared']);
