/** Files that only the finder reads. */
import type { Rule } from '../rule.ts';
import { violatedRule } from '../violated-rule.ts';

export const ofTheFinderFiles: readonly Rule[] = [
  violatedRule('questions-file', {
    title: 'A file of questions is a list of texts and is called after its pattern',
    mend: ({ key }) => (key === 'file name' ? 'rename the file to the slug of the pattern that answers the questions' : 'write one question a line behind `- `, in quotes where it holds a colon'),
  }),
  violatedRule('question-twice', { title: 'A question stands once', mend: 'take one of the two out, or ask it in other words' }),
  violatedRule('name-in-question', { title: 'No question holds the name of its pattern', mend: 'say it as somebody would who has never heard the name' }),
  violatedRule('synonyms-file', { title: 'Synonyms are groups of words and phrases', mend: 'write a group as a list such as `- [twice, double, duplicate]`; a phrase stands in one group only' }),
];
