/** What the editor of an example opens: its files without the tests, and the clock, as text by path. */
import type { APIRoute } from 'astro';
import { exampleFiles, exampleText } from '../components/examples.ts';

export function getStaticPaths(): { params: { slug: string } }[] {
  return exampleFiles.filter((file) => file.endsWith('/scenario.ts')).map((file) => ({ params: { slug: file.replace('/scenario.ts', '') } }));
}

export const GET: APIRoute = ({ params: { slug } }) => {
  const files = exampleFiles.filter((file) => file === 'clock.ts' || (file.startsWith(`${slug}/`) && !file.endsWith('.test.ts')));
  return Response.json(Object.fromEntries(files.map((file) => [`src/examples/${file}`, exampleText(file)])));
};
