import { editDistance, nearestWord } from '../../catalogue/nearest.ts';
import { atOffset } from '../breach.ts';
import type { ContentTree } from '../content-tree.ts';
import type { Spelling } from '../judges/spelling.ts';
import { verdictsOn } from '../kept-verdicts.ts';
import { wordsIn, wordsOfPage } from '../prose.ts';
import type { Rule } from '../rule.ts';
import { isListed, wordList, wordListFile } from '../word-list.ts';

export const spelling: Rule = {
  id: 'spelling',
  title: 'Words are spelt as in British English',
  holds: 'always',
  async check(tree) {
    const listed = new Set([...wordList(tree).map(({ word }) => word), ...namesIn(tree)]);
    const asked = tree.pages.map((page) => ({ page, words: wordsOfPage(tree, page).filter(({ word }) => !isListed(word, listed)) }));
    const spellings = await verdictsOn<Spelling>(tree.root, new URL('../judges/spelling.ts', import.meta.url), asked.flatMap(({ words }) => words.map(({ word }) => word)));
    const common = new Set(asked.flatMap(({ words }) => words.map(({ word }) => word.toLowerCase())));
    return asked.flatMap(({ page, words }) => words.flatMap(({ word, place }) => {
      const meant = spellings.get(word);
      if (meant === null || meant === undefined) return [];
      const near = likeliest(word, meant, common) ?? nearestWord(word, listed);
      return [atOffset(tree, page.file, place(), {
        found: `"${word}", which the dictionary does not have`,
        expected: 'a word of British English, or one that is listed as right',
        nearest: near,
        mend: `write it as it is spelt; where it is right, add it to ${wordListFile} in its place in the alphabet, and set code between backticks`,
      })];
    }).sort((a, b) => a.line - b.line || a.column - b.column));
  },
};

/** Among words that are equally near, one that other sentences have. */
function likeliest(word: string, meant: readonly string[], common: ReadonlySet<string>): string | undefined {
  const [first] = meant;
  const near = meant.find((each) => common.has(each.toLowerCase()) && editDistance(each, word) <= editDistance(first ?? '', word)) ?? first;
  return near !== undefined && /^\p{Lu}/u.test(word) ? near.charAt(0).toUpperCase() + near.slice(1) : near;
}

/** People, organisations and programs are called what they are called. */
function namesIn(tree: ContentTree): string[] {
  const { sources, patterns } = tree.catalogue;
  const names = [
    ...[...sources.values()].flatMap(({ authors, publisher }) => [...authors, publisher]),
    ...patterns.flatMap(({ data }) => [...data.libraries, ...data.elsewhere].map(({ name }) => name)),
  ];
  return names.flatMap((name) => wordsIn(name).map(({ word }) => word)).filter((word) => /^\p{Lu}/u.test(word));
}
