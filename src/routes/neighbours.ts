/** What stands around a pattern, drawn for a wide page and for a narrow one: fetched when a reader comes near the place for it. */
import type { APIRoute, GetStaticPaths } from 'astro';
import { patternPages } from '../catalogue/entries.ts';
import { underBase } from '../citing/addresses.ts';
import { neighbourDrawings } from '../components/neighbour-drawings.ts';

export const getStaticPaths = (async () => {
  const pages = await patternPages();
  return pages.flatMap(({ slug }) => {
    const drawings = (): ReturnType<typeof neighbourDrawings> => neighbourDrawings(slug, pages, (other) => underBase(import.meta.env.BASE_URL, `/patterns/${other}/`));
    return drawings() === undefined ? [] : [{ params: { slug }, props: { drawings } }];
  });
}) satisfies GetStaticPaths;

export const GET: APIRoute = ({ props }) => {
  const { wide, narrow } = (props['drawings'] as () => NonNullable<ReturnType<typeof neighbourDrawings>>)();
  return Response.json([wide.svg, narrow.svg]);
};
