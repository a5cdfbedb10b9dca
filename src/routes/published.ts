/** `patterns.json` and `problems.json`, for programs. */
import type { APIRoute } from 'astro';
import { patternsData, problemsData } from '../citing/twin/data.ts';
import { atlas } from './atlas.ts';

const files = { patterns: patternsData, problems: problemsData };

export function getStaticPaths() {
  return Object.keys(files).map((name) => ({ params: { name } }));
}

export const GET: APIRoute = async ({ params: { name } }) => Response.json(files[name as keyof typeof files](await atlas()));
