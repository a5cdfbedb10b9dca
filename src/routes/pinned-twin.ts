/** `index.md` beside the page of a version: what was kept, as it was kept. */
import type { APIRoute } from 'astro';
import { pinnedPages } from './pinned-pages.ts';

export async function getStaticPaths() {
  return (await pinnedPages()).map(({ path, text }) => {
    const [, kind = '', slug = '', version = ''] = path.split('/');
    return { params: { kind, slug, version }, props: { text } };
  });
}

export const GET: APIRoute = ({ props }) => new Response(props['text'](), { headers: { 'Content-Type': 'text/markdown; charset=utf-8' } });
