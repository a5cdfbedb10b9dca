import type { ContentTree, SourcePage } from './content-tree.ts';

/** Keys that stand in the frontmatter of a page, also where something else in it is wrong. */
export function listedSources(tree: ContentTree, { file, text, data }: SourcePage): string[] {
  if (data !== undefined) return 'sources' in data ? [...data.sources] : [];
  const { start, end } = tree.places(file).value('sources');
  return [...text.slice(start, end).matchAll(/[a-z0-9]+(?:-[a-z0-9]+)*/g)].map(([key]) => key);
}

/** Whether it is YAML; the schema may refuse it all the same. */
export function hasReadableFrontmatter(tree: ContentTree, { file, data }: SourcePage): boolean {
  return data !== undefined || tree.places(file).mistake === undefined;
}
