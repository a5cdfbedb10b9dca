/** The tested files, for reading and download: above each its licence, below it as it is. */
import type { APIRoute } from 'astro';
import { codeCopyright, codeLicence } from '../citing/code-licence.ts';
import { exampleFiles, exampleText } from '../components/examples.ts';

export function getStaticPaths(): { params: { file: string } }[] {
  return exampleFiles.map((file) => ({ params: { file } }));
}

export const GET: APIRoute = ({ params }) => new Response(`${codeCopyright}\n${codeLicence}\n\n${exampleText(params['file'] ?? '')}`, { headers: { 'Content-Type': 'text/plain; charset=utf-8' } });
