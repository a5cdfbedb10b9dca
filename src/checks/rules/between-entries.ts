/** What no schema of a single file can see. */
import type { Rule } from '../rule.ts';
import { violatedRule } from '../violated-rule.ts';

export const betweenEntries: readonly Rule[] = [
  violatedRule('unknown-pattern', {
    title: 'A pattern that is named exists',
    said: ({ nearest }) => (nearest === undefined ? {} : { expected: 'the slug of a pattern' }),
    mend: ({ meant }) => (meant === undefined ? 'name a pattern by its slug, the name of its file' : 'write that slug'),
  }),
  violatedRule('relation-to-itself', { title: 'A pattern is related to others, not to itself', mend: 'name the other pattern, or take the entry out' }),
  violatedRule('unknown-source', {
    title: 'A source that is named has its file',
    mend: ({ meant, found }) => (meant === undefined ? `write the file content/data/sources/${found.replaceAll('"', '')}.yaml, with the day on which you opened it` : 'write that key'),
  }),
  violatedRule('wrong-category', { title: 'A pattern stands in the folder of its category', mend: ({ found }) => `write the name of the folder, or move the file to content/docs/patterns/${found.replaceAll('"', '')}/; its address stays the same` }),
  violatedRule('name-in-symptom', { title: 'No symptom holds the name of its pattern', mend: 'say what somebody sees who has never heard the name' }),
  violatedRule('relation-twice', { title: 'A relation is stated on one page', mend: 'take one of the two out; both pages show it' }),
  violatedRule('name-twice', { title: 'A name belongs to one pattern', mend: 'leave the name to the pattern that it is used for most, and explain the other in `notToBeConfusedWith`' }),
  violatedRule('slug-twice', { title: 'A slug belongs to one page', mend: 'rename one of the files: its slug is its address' }),
  violatedRule('guide-order', { title: 'Each guide has a place of its own', mend: 'give it a number that no other guide has' }),
];
