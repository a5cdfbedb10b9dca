/** `patterns.json`, `problems.json` and `glossary.json`, for programs. */
import type { APIRoute } from 'astro';
import { glossaryData, patternsData, problemsData } from '../citing/twin/data.ts';
import { atlas } from './atlas.ts';

const files = { glossary: glossaryData, patterns: patternsData, problems: problemsData };

export function getStaticPaths() {
  return Object.keys(files).map((name) => ({ params: { name } }));
}

export const GET: APIRoute = async ({ params: { name } }) => Response.json(files[name as keyof typeof files](await atlas()));
