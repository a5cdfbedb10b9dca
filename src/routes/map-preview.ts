import type { APIRoute } from 'astro';
import { previewPng } from '../pictures/preview-png.ts';
import { mapPreview } from './previews.ts';

export const GET: APIRoute = async () => new Response(await previewPng(await mapPreview()), { headers: { 'Content-Type': 'image/png' } });
