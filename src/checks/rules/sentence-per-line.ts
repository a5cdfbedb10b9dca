import { atOffset } from '../breach.ts';
import type { ContentTree, SourcePage } from '../content-tree.ts';
import { mdxOf } from '../mdx-page.ts';
import { writtenPages } from '../page-kinds.ts';
import type { Rule } from '../rule.ts';

export const sentencePerLine: Rule = {
  id: 'sentence-per-line',
  title: 'A paragraph has one sentence on each line',
  holds: 'always',
  check(tree) {
    return writtenPages(tree).filter((page) => !isKept(tree, page)).flatMap((page) => mdxOf(page).nodes.flatMap(({ node, parents, start, end }) => (node.type !== 'paragraph' || parents.length > 1 ? []
      : ends(page.text.slice(start, end)).map(({ index, length }) => atOffset(tree, page.file, start + index + length, {
        found: 'a second sentence on the line',
        expected: 'one sentence on each line, so that a review can point at it and a claim has its address',
        mend: 'begin a new line',
        fix: { file: page.file, start: start + index, end: start + index + length, text: '\n' },
      })))));
  },
};

/** A version that was published keeps its lines. */
function isKept(tree: ContentTree, { kind, slug, data }: SourcePage): boolean {
  const version = data !== undefined && 'changes' in data ? data.changes[0]?.version : undefined;
  return version !== undefined && tree.has(`content/versions/${kind}s/${slug}/${version}.md`);
}

/** The spaces between two sentences; words in bold at the beginning of a line announce the sentence behind them. */
function ends(paragraph: string): { index: number; length: number }[] {
  const readable = paragraph.replaceAll(/`[^`]*`|\]\([^)]*\)/g, (part) => part.replaceAll(/[^\n]/g, 'x'));
  return [...readable.matchAll(/(?<=[\p{Ll}\d)`x][.!?]["”’)*]*(?: <[A-Z][^>]*\/>)*)(?<!^\*\*[^*\n]*\*\*) +(?=["“*([]*\p{Lu})(?!<)/gmu)].map(({ 0: spaces, index }) => ({ index, length: spaces.length }));
}
