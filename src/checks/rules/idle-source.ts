import { atValue } from '../breach.ts';
import { componentsOf } from '../mdx-page.ts';
import { completePages } from '../page-kinds.ts';
import type { Rule } from '../rule.ts';
import { listedSources } from '../sources-of.ts';

export const idleSource: Rule = {
  id: 'idle-source',
  title: 'A source that was opened carries a claim',
  holds: 'from review on',
  check(tree) {
    const { sources } = tree.catalogue;
    return completePages(tree, 'pattern', 'problem', 'guide').flatMap((page) => {
      const referred = componentsOf(page).filter(({ name }) => name === 'Ref').map(({ attributes }) => attributes['to']);
      return listedSources(tree, page).flatMap((key, index) => (sources.get(key)?.opened === undefined || referred.includes(key) ? [] : [atValue(tree, page.file, `sources.${index}`, {
        found: `"${key}", which no sentence refers to`,
        expected: `<Ref to="${key}" /> behind a claim`,
        mend: 'put the reference behind the sentence that rests on it, or take the key out',
      })]));
    });
  },
};
