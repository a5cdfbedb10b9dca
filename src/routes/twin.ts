/** `index.md` beside every page. */
import type { APIRoute } from 'astro';
import { twins } from './twins.ts';

export async function getStaticPaths() {
  return [...await twins()].map(([path, markdown]) => ({ params: { page: path.slice(1, -1) || undefined }, props: { markdown } }));
}

export const GET: APIRoute = ({ props }) => new Response(props['markdown'](), { headers: { 'Content-Type': 'text/markdown; charset=utf-8' } });
