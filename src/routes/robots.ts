import type { APIRoute } from 'astro';
import { absolute } from '../citing/addresses.ts';

export const GET: APIRoute = ({ site }) => new Response(`User-agent: *\nAllow: /\n\nSitemap: ${absolute(site, import.meta.env.BASE_URL, '/sitemap-index.xml')}\n`);
