import { accessibleText } from '../../diagrams/accessible-text.ts';
import { fenceOption } from '../../diagrams/fences.ts';
import { atOffset } from '../breach.ts';
import { codeOf } from '../mdx-page.ts';
import { writtenPages } from '../page-kinds.ts';
import type { Rule, Said } from '../rule.ts';

export const diagramText: Rule = {
  id: 'diagram-text',
  title: 'A diagram has a caption, a name and a description',
  holds: 'always',
  check(tree) {
    return writtenPages(tree).flatMap((page) => codeOf(page).filter(({ language }) => language === 'mermaid').flatMap(({ start, codeStart, indent, meta, code }) => {
      const { title, description } = accessibleText(code);
      const said = (found: string, expected: string, mend: string): Said => ({ found, expected, mend });
      return [
        ...((fenceOption(meta, 'title') ?? '').trim() === '' ? [atOffset(tree, page.file, start, said('a diagram without a caption', '```mermaid title="What the drawing shows"', 'add title="…" behind the word mermaid'))] : []),
        ...(title === '' ? [atOffset(tree, page.file, codeStart + indent, said('a diagram without "accTitle: …"', 'a short name for those who hear the page', 'add the line below the first line of the diagram'))] : []),
        ...(description === '' ? [atOffset(tree, page.file, codeStart + indent, said('a diagram without "accDescr: …"', 'what a reader has to know who cannot see the drawing', 'add the line below the first line of the diagram'))] : []),
      ];
    }));
  },
};
