import { fingerprint } from '../../diagrams/fingerprint.ts';
import { TYPES } from '../../diagrams/examine.ts';
import type { Parsed } from '../../diagrams/parse.ts';
import { atOffset } from '../breach.ts';
import { verdictsOn } from '../kept-verdicts.ts';
import { codeOf, placeInCode } from '../mdx-page.ts';
import { writtenPages } from '../page-kinds.ts';
import type { Rule } from '../rule.ts';

export const diagramSyntax: Rule = {
  id: 'diagram-syntax',
  title: 'Mermaid can read each diagram',
  holds: 'always',
  inThread: true,
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
      return [atOffset(tree, page.file, placeInCode(page.text, block, place?.line ?? 1, place?.column ?? 1), {
        found: message.replace(/\.$/, ''),
        expected: `${place === undefined ? '' : `line ${place.line} of the diagram in `}the syntax of Mermaid`,
        mend: 'see https://mermaid.js.org/intro/syntax-reference.html for the type of the diagram',
      })];
    });
  },
};
