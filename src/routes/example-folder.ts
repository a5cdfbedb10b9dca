/** What the editor of an example opens. */
import type { APIRoute } from 'astro';
import { scenarioTexts, simulatedExamples } from '../components/examples.ts';

export function getStaticPaths(): { params: { slug: string } }[] {
  return simulatedExamples.map((slug) => ({ params: { slug } }));
}

export const GET: APIRoute = ({ params: { slug } }) => Response.json(scenarioTexts(slug ?? ''));
