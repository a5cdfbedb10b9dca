/** The tested files as they are, for reading and download. */
import type { APIRoute } from 'astro';
import { exampleFiles, exampleText } from '../components/examples.ts';

export function getStaticPaths(): { params: { file: string } }[] {
  return exampleFiles.map((file) => ({ params: { file } }));
}

export const GET: APIRoute = ({ params }) => new Response(exampleText(params['file'] ?? ''), { headers: { 'Content-Type': 'text/plain; charset=utf-8' } });
