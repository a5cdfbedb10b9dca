import { atOffset } from '../breach.ts';
import { componentsOf } from '../mdx-page.ts';
import { completePages } from '../page-kinds.ts';
import type { Rule } from '../rule.ts';

export const unopenedSource: Rule = {
  id: 'unopened-source',
  title: 'A claim rests on a source that somebody opened',
  holds: 'from review on',
  check(tree) {
    const { sources } = tree.catalogue;
    return completePages(tree, 'pattern', 'problem', 'guide').flatMap((page) => componentsOf(page).flatMap((component) => {
      const key = component.name === 'Ref' ? component.attributes['to'] : undefined;
      const source = key === undefined ? undefined : sources.get(key);
      return source === undefined || source.opened !== undefined ? [] : [atOffset(tree, page.file, component.at('to').start, {
        found: `"${key}", a source that nobody opened`,
        expected: `the day in \`opened\` in content/data/sources/${key}.yaml`,
        mend: 'open the source, see that it says what the sentence claims, and note the day; otherwise take the reference out',
      })];
    }));
  },
};
