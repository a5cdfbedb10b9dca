/** The Markdown twin of every page, by its path; told when it is asked for, or a build would hold them all. */
import { categories } from '../catalogue/vocabulary.ts';
import type { Category } from '../catalogue/vocabulary.ts';
import { pairTwin } from '../citing/twin/comparisons.ts';
import { categoryTwin, codeTwin, homeTop, listTwin } from '../citing/twin/lists.ts';
import { twinOf } from '../citing/twin.ts';
import { atlas } from './atlas.ts';
import { codePages } from './code-pages.ts';
import { comparedPairs } from './compared-pairs.ts';
import { catalogueFacts } from './facts.ts';
import { listPages } from './list-pages.ts';
import { writtenPages } from './written-pages.ts';

let told: Promise<Map<string, () => string>> | undefined;

export function twins(): Promise<Map<string, () => string>> {
  // While somebody edits, a page may have changed since.
  if (import.meta.env.DEV) return tell();
  return told ??= tell();
}

async function tell(): Promise<Map<string, () => string>> {
  const all = await atlas();
  const code = (await codePages()).map(({ kind, slug, address, title, whose, files }) => {
    const path = `/${kind}/${slug}/code/`;
    return [path, () => codeTwin({ path, title: `Code of ${title}`, description: `The tested example of ${whose}: every file, with its tests.` }, { title, path: address }, files, all)] as const;
  });
  const facts = await catalogueFacts();
  const pairs = (await comparedPairs()).map((pair) => {
    const { first, more } = pair.deciding;
    return [pair.path, () => pairTwin(pair, pair.slugs, [first, ...more], facts, all)] as const;
  });
  return new Map([
    ...(await writtenPages()).map((page) => [page.path, () => twinOf(page, all, page.path === '/' ? { above: homeTop(all) } : {})] as const),
    ...Object.entries(listPages).map(([path, page]) => [path, () => listTwin({ path, ...page }, all)] as const),
    ...(Object.keys(categories) as Category[]).map((category) => [`/categories/${category}/`, () => categoryTwin(category, `/categories/${category}/`, all)] as const),
    ...code,
    ...pairs,
  ]);
}
