import type { MiddlewareHandler } from 'astro';
import { withBase } from './based-links.ts';

const base = `${import.meta.env.BASE_URL.replace(/\/$/, '')}/`;

export const onRequest: MiddlewareHandler = async (_, next) => {
  const response = await next();
  if (response.headers.get('Content-Type')?.startsWith('text/html') !== true) return response;
  return new Response(withBase(await response.text(), base), response);
};
