/** The picture that a chat shows beside a link to a pattern, a problem or a guide. */
import type { APIRoute, GetStaticPaths } from 'astro';
import { previewPng } from '../pictures/preview-png.ts';
import { pagePreviews } from './previews.ts';

export const getStaticPaths = (async () => (await pagePreviews()).map(({ kind, slug, preview }) => ({ params: { kind, slug }, props: { preview } }))) satisfies GetStaticPaths;

export const GET: APIRoute = async ({ props }) => new Response(await previewPng(props['preview']), { headers: { 'Content-Type': 'image/png' } });
