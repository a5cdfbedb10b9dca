import type { APIRoute } from 'astro';
import { llmsText } from '../citing/twin/llms.ts';
import { atlas } from './atlas.ts';

export const GET: APIRoute = async () => new Response(llmsText(await atlas()), { headers: { 'Content-Type': 'text/plain; charset=utf-8' } });
