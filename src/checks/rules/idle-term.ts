import { glossaryFile, parseGlossary } from '../../catalogue/glossary.ts';
import { atValue } from '../breach.ts';
import type { Rule } from '../rule.ts';

export const idleTerm: Rule = {
  id: 'idle-term',
  title: 'A page uses each term of the glossary',
  holds: 'always',
  check(tree) {
    if (!tree.has(glossaryFile)) return [];
    const texts = tree.pages.filter(({ kind }) => kind !== 'house').map(({ body }) => body.toLowerCase());
    return parseGlossary(tree.read(glossaryFile)).terms.flatMap(({ term, words }, index) => (words.some((word) => texts.some((text) => text.includes(word.toLowerCase()))) ? [] : [atValue(tree, glossaryFile, `${index}.words`, {
      found: `${words.map((word) => `"${word}"`).join(', ')}, which no page says`,
      expected: 'the words with which pages of patterns, problems or guides say it',
      mend: `write the form that a page has, or take "${term}" out`,
    })]));
  },
};
