/** JSON Schema of `patterns.json`, `problems.json` and `glossary.json`. */
import type { APIRoute } from 'astro';
import { jsonSchemaOf, publishedFiles } from '../catalogue/published.ts';
import { schemaPath } from '../citing/twin/data.ts';
import { atlas } from './atlas.ts';

type Name = keyof typeof publishedFiles;

export function getStaticPaths() {
  return Object.keys(publishedFiles).map((name) => ({ params: { name } }));
}

export const GET: APIRoute = async ({ params }) => {
  const name = params['name'] as Name;
  const { absolute } = await atlas();
  return Response.json(jsonSchemaOf(name, absolute(schemaPath[name]), `What ${absolute(`/${name}.json`)} holds. Keys keep their name and meaning; new ones may join: ${absolute('/contribute/for-programs/')}`));
};
