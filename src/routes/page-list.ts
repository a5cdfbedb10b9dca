/** Every page that somebody may look for, fetched at addresses that lead nowhere. */
import type { APIRoute } from 'astro';
import { guidePages, housePages, patternPages, problemPages } from '../catalogue/entries.ts';
import { categories } from '../catalogue/vocabulary.ts';
import type { ListedPage } from '../citing/nearest-pages.ts';
import { comparedPairs } from './compared-pairs.ts';
import { listPages } from './list-pages.ts';
import { pinnedPages } from './pinned-pages.ts';

export const GET: APIRoute = async () => {
  const pinned = await pinnedPages();
  const cited = [...await patternPages(), ...await problemPages(), ...await guidePages()];
  const list: ListedPage[] = [
    ...cited.map(({ address, data }): ListedPage => [address, data.title, ...pinned.filter((page) => page.address === address).map(({ version }) => version)]),
    ...(await housePages()).map(({ address, data }): ListedPage => [address, data.title]),
    ...Object.entries(listPages).map(([path, { title }]): ListedPage => [path, title]),
    ...(await comparedPairs()).map(({ path, title }): ListedPage => [path, title]),
    ...Object.entries(categories).map(([category, { label }]): ListedPage => [`/categories/${category}/`, label]),
  ];
  return Response.json(list);
};
