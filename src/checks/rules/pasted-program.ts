import { atOffset } from '../breach.ts';
import { codeOf } from '../mdx-page.ts';
import { writtenPages } from '../page-kinds.ts';
import type { Rule } from '../rule.ts';

export const pastedProgram: Rule = {
  id: 'pasted-program',
  title: 'Programs on pages come from tested files',
  holds: 'always',
  check(tree) {
    return writtenPages(tree, 'pattern', 'problem', 'guide').flatMap((page) => codeOf(page).filter(({ language }) => /^(?:[cm]?[jt]sx?|typescript|javascript)$/.test(language)).map(({ language, start }) => atOffset(tree, page.file, start, {
      found: `a program in the page (\`\`\`${language})`,
      expected: `<Snippet file="${page.slug}/…" region="…" />`,
      mend: 'move the code into a file below src/examples, with a test, and show a region of it',
    })));
  },
};
