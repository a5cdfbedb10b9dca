import { comparisonsFile, parseComparisons } from '../../catalogue/comparisons.ts';
import { near } from '../../catalogue/violations.ts';
import { atValue } from '../breach.ts';
import type { Rule } from '../rule.ts';
import { violationsOf } from '../violations-of.ts';

export const comparisonsRule: Rule = {
  id: 'comparisons-file',
  title: 'Sets that are compared name patterns, each set once',
  holds: 'always',
  async check(tree) {
    if (!tree.has(comparisonsFile)) return [];
    const slugs = tree.pages.flatMap(({ kind, slug }) => (kind === 'pattern' ? [slug] : []));
    return [
      ...(await violationsOf(tree, 'comparisons-file')).map(({ key, found, expected }) => atValue(tree, comparisonsFile, key, { found, expected, mend: 'name three or four patterns that no other entry compares as a whole' })),
      ...parseComparisons(tree.read(comparisonsFile)).comparisons.flatMap(({ of }, index) => of.flatMap((slug, place) => (slugs.includes(slug) ? []
        : [atValue(tree, comparisonsFile, `${index}.of.${place}`, { found: `"${slug}"`, expected: 'the slug of a pattern', nearest: near(slug, slugs).nearest, mend: 'name a pattern by its slug, the name of its file' })]))),
    ];
  },
};
