import { atOffset } from '../breach.ts';
import { mdxOf } from '../mdx-page.ts';
import { writtenPages } from '../page-kinds.ts';
import type { Rule } from '../rule.ts';

const selling = /\b(?:simply|effortless(?:ly)?|seamless(?:ly)?|blazing(?:ly)?|cutting-edge|game-chang\w+|leverag\w+|in today's)\b/gi;

export const sellingWords: Rule = {
  id: 'selling-words',
  title: 'No word sells or belittles',
  holds: 'always',
  check(tree) {
    return writtenPages(tree).flatMap((page) => {
      const code = mdxOf(page).nodes.filter(({ node }) => node.type === 'code' || node.type === 'inlineCode');
      return [...page.text.matchAll(selling)].filter(({ index }) => !code.some(({ start, end }) => start <= index && index < end)).map(({ 0: word, index }) => atOffset(tree, page.file, index, {
        found: `"${word}"`,
        expected: 'words that inform',
        mend: 'take it out, or say what is true of it and can be shown',
      }));
    });
  },
};
