import { atOffset } from '../breach.ts';
import { codeOf, headingsOf } from '../mdx-page.ts';
import { completePages } from '../page-kinds.ts';
import type { Rule } from '../rule.ts';

export const diagramCount: Rule = {
  id: 'diagram-count',
  title: 'A pattern is drawn twice: its parts, and what happens',
  holds: 'from review on',
  check(tree) {
    return completePages(tree, 'pattern').flatMap((page) => {
      const count = codeOf(page).filter(({ language }) => language === 'mermaid').length;
      const solution = headingsOf(page, 2).find(({ text }) => text === 'Solution');
      return count >= 2 ? [] : [atOffset(tree, page.file, solution?.start ?? page.bodyStart, {
        found: count === 0 ? 'no diagram' : 'one diagram',
        expected: 'at least two on the page of a pattern',
        mend: 'draw the parts and how they are joined (flowchart), and what happens in order (sequenceDiagram or stateDiagram-v2)',
      })];
    });
  },
};
