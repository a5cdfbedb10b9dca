import { atOffset } from '../breach.ts';
import type { Lint } from '../judges/markdown.ts';
import { verdictsOn } from '../kept-verdicts.ts';
import { offsetOf } from '../mdx-page.ts';
import { writtenPages } from '../page-kinds.ts';
import type { Edit, Rule } from '../rule.ts';

export const markdown: Rule = {
  id: 'markdown',
  title: 'Markdown is written in one way',
  holds: 'always',
  inThread: true,
  async check(tree) {
    const pages = writtenPages(tree);
    const lints = await verdictsOn<readonly Lint[]>(tree.root, new URL('../judges/markdown.ts', import.meta.url), pages.map(({ text }) => text));
    return pages.flatMap(({ file, text }) => (lints.get(text) ?? []).map((lint) => atOffset(tree, file, offsetOf(text, lint.line, lint.column), {
      found: `${lint.id} ${lint.name}: ${inLowerCase(lint.said)}`,
      expected: 'Markdown as the other pages have it',
      mend: `see https://github.com/DavidAnson/markdownlint/blob/main/doc/${lint.id.toLowerCase()}.md`,
      fix: lint.fix === undefined ? undefined : editOf(file, text, lint.fix),
    })).sort((a, b) => a.line - b.line || a.column - b.column));
  },
};

/** To delete -1 means the whole line. */
function editOf(file: string, text: string, { line, column, deleted, inserted }: NonNullable<Lint['fix']>): Edit {
  const start = offsetOf(text, line, column);
  return { file, start, end: deleted < 0 ? offsetOf(text, line + 1, 1) : start + deleted, text: inserted };
}

function inLowerCase(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1).replace(/\.$/, '');
}
