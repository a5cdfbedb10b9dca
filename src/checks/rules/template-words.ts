import { atOffset } from '../breach.ts';
import type { ContentTree, SourcePage } from '../content-tree.ts';
import { completePages } from '../page-kinds.ts';
import type { Breach, Rule } from '../rule.ts';

export const templateWords: Rule = {
  id: 'template-words',
  title: 'A page keeps no words and no drawing of the template',
  holds: 'from review on',
  check(tree) {
    const kinds = ['pattern', 'problem', 'guide'] as const;
    return kinds.flatMap((kind) => {
      const template = `content/docs/${kind}s/_template.mdx`;
      const words = tree.has(template) ? wordsIn(tree.read(template)) : new Set<string>();
      return completePages(tree, kind).flatMap((page) => [...keptLines(tree, page, words), ...(kind === 'pattern' ? keptDrawing(tree, page) : [])]);
    });
  },
};

/** Lines that tell an author what belongs there: prose, and the words of diagrams. */
function wordsIn(template: string): Set<string> {
  let isCode = false;
  return new Set(template.replace(/^---\n[\s\S]*?\n---\n/, '').split('\n').map(said).filter((line) => {
    if (line.startsWith('```')) isCode = !isCode;
    return /^acc(Title|Descr):/.test(line) || (!isCode && !/^(?:```|#|<|import\b|Optional\.$|$)/.test(line));
  }));
}

function keptLines(tree: ContentTree, { file, body, bodyStart }: SourcePage, words: ReadonlySet<string>): Breach[] {
  let offset = bodyStart;
  return body.split('\n').flatMap((line) => {
    const start = offset + line.length - line.trimStart().length;
    offset += line.length + 1;
    return words.has(said(line)) ? [atOffset(tree, file, start, { found: `"${said(line)}", which the template says`, expected: 'what the page has to say there', mend: 'write it, or leave the line out' })] : [];
  });
}

/** Without the source of the claim. */
function said(line: string): string {
  return line.replaceAll(/ *<Ref [^>]*\/>/g, '').trim();
}

function keptDrawing(tree: ContentTree, { slug }: SourcePage): Breach[] {
  const [stub, glyph] = ['content/docs/patterns/_glyph.svg', `src/components/glyphs/${slug}.svg`];
  if (!tree.has(stub) || !tree.has(glyph) || tree.read(stub).trim() !== tree.read(glyph).trim()) return [];
  return [{ file: glyph, line: 1, column: 1, found: 'the dashed frame that a draft begins with', expected: 'a drawing of the pattern', mend: 'draw the idea on the grid of 48, with the strokes of the other drawings' }];
}
