import type { Rule } from '../rule.ts';
import { hasReadableFrontmatter, listedSources } from '../sources-of.ts';

const folder = 'content/data/sources';

export const unusedSource: Rule = {
  id: 'unused-source',
  title: 'Every source is listed by a page',
  holds: 'always',
  check(tree) {
    if (!tree.pages.every((page) => hasReadableFrontmatter(tree, page))) return [];
    const used = new Set(tree.pages.flatMap((page) => listedSources(tree, page)));
    return [...tree.catalogue.sources.keys()].filter((key) => !used.has(key)).map((key) => ({
      file: `${folder}/${key}.yaml`, line: 1, column: 1,
      found: `"${key}", which no page lists`,
      expected: 'a page that has it among its `sources`',
      mend: 'list it where it carries a claim, or take the file out',
    }));
  },
};
