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
    name: 'an alias, which could stand for a million entries',
    plant: { [source]: replaced('authors: []', 'authors: [&who Ada, *who]') },
    expected: [{ file: source, at: '*who', found: 'text that is not YAML: an alias (`*name`) is not taken; write out what it stands for', mend: 'write out what the alias stands for; or put the text in quotes, where `*` is meant as a star' }],
  },
  {
    name: 'a key that stands twice',
    plant: { [saga]: replaced('category: data\n', 'category: data\ncategory: data\n') },
    expected: [{ file: saga, line: 6, column: 1, found: 'text that is not YAML: map keys must be unique', mend: 'keep one of the two keys' }],
  },
];
