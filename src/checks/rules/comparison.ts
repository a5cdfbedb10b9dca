import { atOffset } from '../breach.ts';
import { headingsOf } from '../mdx-page.ts';
import { completePages } from '../page-kinds.ts';
import type { Rule } from '../rule.ts';

export const comparison: Rule = {
  id: 'comparison',
  title: 'A pattern is compared with its nearest',
  holds: 'from review on',
  check(tree) {
    return completePages(tree, 'pattern').filter((page) => !headingsOf(page, 3).some(({ text }) => text.startsWith('Compared with '))).map((page) => {
      const related = headingsOf(page, 2).find(({ text }) => text === 'Related patterns');
      return atOffset(tree, page.file, related?.start ?? page.bodyStart, {
        found: 'no heading that begins with "### Compared with"',
        expected: 'at least one below "## Related patterns"',
        mend: 'add "### Compared with …" and say in two or three sentences what decides between the two',
      });
    });
  },
};
