import { atOffset } from '../breach.ts';
import { completePages } from '../page-kinds.ts';
import { proseWords } from '../prose-words.ts';
import type { Rule } from '../rule.ts';

const bounds = { pattern: [900, 1800], guide: [700, 2200] } as const;

export const wordCount: Rule = {
  id: 'word-count',
  title: 'A page is as long as its reader has time',
  holds: 'from review on',
  check(tree) {
    return (['pattern', 'guide'] as const).flatMap((kind) => completePages(tree, kind).flatMap((page) => {
      const [least, most] = bounds[kind];
      const words = proseWords(page);
      return words >= least && words <= most ? [] : [atOffset(tree, page.file, page.bodyStart, {
        found: `${words} words of prose`,
        expected: `${least} to ${most} on the page of a ${kind}`,
        mend: words < least ? 'say what a reader still has to know, first how it goes wrong and what to watch' : 'take out what no reader needs to decide or to act; details belong into the code or into a page of their own',
      })];
    }));
  },
};
