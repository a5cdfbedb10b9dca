/** Words that are right although the dictionary does not have them: content/data/words.txt, one a line. */
import type { ContentTree } from './content-tree.ts';

export const wordListFile = 'content/data/words.txt';

export interface ListedWord { word: string; start: number; end: number }

export function wordList(tree: ContentTree): ListedWord[] {
  if (!tree.has(wordListFile)) return [];
  return [...tree.read(wordListFile).matchAll(/^(?!#).+$/gm)].map(({ 0: line, index }) => ({ word: line.trim(), start: index, end: index + line.length }));
}

/** A word of the list may begin a sentence. */
export function isListed(word: string, listed: ReadonlySet<string>): boolean {
  return listed.has(word) || listed.has(word.charAt(0).toLowerCase() + word.slice(1));
}
