import { isCurrent } from '../../catalogue/vocabulary.ts';
import { atKey } from '../breach.ts';
import type { Rule } from '../rule.ts';

export const unansweredPattern: Rule = {
  id: 'unanswered-pattern',
  title: 'A pattern answers at least one problem',
  holds: 'from review on',
  check(tree) {
    const answered = new Set(tree.catalogue.problems.flatMap(({ data }) => data.candidates.map(({ pattern }) => pattern)));
    return tree.catalogue.patterns.filter(({ slug, data }) => isCurrent(data) && !answered.has(slug)).map(({ slug, file }) => atKey(tree, file, 'title', {
      found: `"${slug}", which no problem names among its candidates`,
      expected: 'at least one problem that it answers',
      mend: 'name it in the `candidates` of a page in content/docs/problems, or write the page of the problem',
    }));
  },
};
