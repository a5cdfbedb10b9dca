import { fingerprint } from '../../diagrams/fingerprint.ts';
import { TYPES } from '../../diagrams/examine.ts';
import type { Parsed } from '../../diagrams/parse.ts';
import { atOffset } from '../breach.ts';
import { verdictsOn } from '../kept-verdicts.ts';
import { codeOf } from '../mdx-page.ts';
import { writtenPages } from '../page-kinds.ts';
import type { Rule } from '../rule.ts';
import type { CodeBlock } from '../mdx-page.ts';

export const diagramSyntax: Rule = {
  id: 'diagram-syntax',
  title: 'Mermaid can read each diagram',
  holds: 'always',
  async check(tree) {
    const diagrams = writtenPages(tree).flatMap((page) => codeOf(page).filter(({ language }) => language === 'mermaid').map((block) => ({ page, block })));
    const parsed = await verdictsOn<Parsed>(tree.root, new URL('../judges/diagram.ts', import.meta.url), diagrams.map(({ block }) => block.code), fingerprint());
    return diagrams.flatMap(({ page, block }) => {
      const verdict = parsed.get(block.code);
      if (verdict === undefined) return [];
      if ('type' in verdict) {
        return TYPES.includes(verdict.type) ? [] : [atOffset(tree, page.file, block.codeStart + block.indent, {
          found: `a diagram of type "${verdict.type}"`,
          expected: 'one of flowchart, sequenceDiagram, stateDiagram-v2, classDiagram, erDiagram',
          mend: 'draw it as one of those, for which the site has a style',
        })];
      }
      const { place, message } = verdict;
      return [atOffset(tree, page.file, placeIn(page.text, block, place?.line ?? 1, place?.column ?? 1), {
        found: message.replace(/\.$/, ''),
        expected: `${place === undefined ? '' : `line ${place.line} of the diagram in `}the syntax of Mermaid`,
        mend: 'see https://mermaid.js.org/intro/syntax-reference.html for the type of the diagram',
      })];
    });
  },
};

/** @param line of the diagram, from 1 */
function placeIn(text: string, { codeStart, indent }: CodeBlock, line: number, column: number): number {
  let start = codeStart;
  for (let count = 1; count < line; count++) start = text.indexOf('\n', start) + 1;
  const end = text.indexOf('\n', start);
  return Math.min(start + indent + column - 1, end < 0 ? text.length : end);
}
