import type { APIRoute } from 'astro';
import { previewPng } from '../pictures/preview-png.ts';
import { sitePreview } from './previews.ts';

export const GET: APIRoute = async () => new Response(await previewPng(sitePreview()), { headers: { 'Content-Type': 'image/png' } });
