/** Apart from the vocabulary, since nobody's browser needs it. */
import { categories, forces, problemGroups, relationKinds, tradeOffAxes } from './vocabulary.ts';

/** Each list of fixed words with what a word is called, for those who choose one. */
export const wordLists = {
  categories: Object.fromEntries(Object.entries(categories).map(([word, { label, line }]) => [word, `${label}. ${line}.`])),
  forces: { ...forces },
  relations: Object.fromEntries(Object.entries(relationKinds).map(([word, { label, inverse }]) => [word, label === inverse ? label : `${label}; the other page shows: ${inverse}`])),
  tradeOffs: { ...tradeOffAxes },
  groups: { ...problemGroups },
} satisfies Record<string, Record<string, string>>;
export type WordListName = keyof typeof wordLists;
