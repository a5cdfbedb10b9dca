import { atOffset } from '../breach.ts';
import { headingsOf } from '../mdx-page.ts';
import { writtenPages } from '../page-kinds.ts';
import type { Rule } from '../rule.ts';

export const pageTitle: Rule = {
  id: 'page-title',
  title: 'A page leaves its title to the frontmatter',
  holds: 'always',
  check(tree) {
    return writtenPages(tree).flatMap((page) => headingsOf(page, 1).map(({ text, start, end }) => {
      const isTitle = page.data !== undefined && text === page.data.title;
      const next = /^\s*/.exec(page.text.slice(end))?.[0].length ?? 0;
      return atOffset(tree, page.file, start, {
        found: `"# ${text}", a heading of the first level`,
        expected: isTitle ? 'no title in the text: the page shows that of its frontmatter' : '"##" or less, below the title that the frontmatter gives the page',
        mend: isTitle ? 'take the line out' : 'write "##", or make it the `title` in the frontmatter',
        fix: isTitle ? { file: page.file, start, end: end + next, text: '' } : undefined,
      });
    }));
  },
};
