import { atOffset } from '../breach.ts';
import { wordsOfPage } from '../prose.ts';
import type { Rule } from '../rule.ts';
import { wordList, wordListFile } from '../word-list.ts';

export const wordListRule: Rule = {
  id: 'word-list',
  title: 'Each word of the list is in its place, once, and in use',
  holds: 'always',
  check(tree) {
    const listed = wordList(tree);
    const used = new Set(tree.pages.flatMap((page) => wordsOfPage(tree, page).flatMap(({ word }) => [word, word.charAt(0).toLowerCase() + word.slice(1)])));
    // A page that is broken may use words that cannot be read.
    const isRead = tree.pages.every(({ data }) => data !== undefined);
    return listed.flatMap(({ word, start, end }, index) => {
      const line = { file: wordListFile, start, end: end + 1, text: '' };
      if (listed.findIndex((other) => other.word === word) < index) return [atOffset(tree, wordListFile, start, { found: `"${word}" a second time`, expected: 'each word once', mend: 'take the line out', fix: line })];
      if (isRead && !used.has(word)) return [atOffset(tree, wordListFile, start, { found: `"${word}", which no page uses`, expected: 'words that stand on a page', mend: 'take the line out', fix: line })];
      const behind = listed.slice(0, index).findLast((other) => compared(other.word, word) > 0);
      return behind === undefined ? [] : [atOffset(tree, wordListFile, start, { found: `"${word}" behind "${behind.word}"`, expected: 'the order of the alphabet, without regard to capitals', mend: 'move the line to its place' })];
    });
  },
};

function compared(a: string, b: string): number {
  const [one, other] = [a.toLowerCase(), b.toLowerCase()];
  return one < other ? -1 : one > other ? 1 : 0;
}
