import { replaced } from './fixture.ts';
import type { Fixture } from './fixture.ts';

const saga = 'content/docs/patterns/data/saga.mdx';
const source = 'content/data/sources/azure-saga.yaml';

export const fixtures: Fixture[] = [
  {
    name: 'a sentence with a colon and no quotes',
    plant: { [saga]: replaced('  - Is there a replacement for', '  - A question: is there: a replacement for') },
    expected: [{ file: saga, at: 'is there: a replacement', found: /^text that is not YAML: nested mappings are not allowed/, mend: 'put the text in quotes: a colon with a blank behind it begins a value' }],
  },
  {
    name: 'a list that is not closed, in a source',
    plant: { [source]: replaced('authors: []', 'authors: [Ada') },
    expected: [{ file: source, at: 'publisher:', found: /^text that is not YAML: / }],
  },
  {
    name: 'a key that stands twice',
    plant: { [saga]: replaced('category: data\n', 'category: data\ncategory: data\n') },
    expected: [{ file: saga, line: 6, column: 1, found: 'text that is not YAML: map keys must be unique', mend: 'keep one of the two keys' }],
  },
];
