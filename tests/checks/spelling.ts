import type { Fixture } from './fixture.ts';

const saga = 'content/docs/patterns/data/saga.mdx';
const orchestration = 'content/docs/patterns/integration/orchestration.mdx';

export const fixtures: Fixture[] = [
  {
    name: 'in the text, in a caption and in the frontmatter; American forms as well',
    plant: {
      [saga]: (text) => text
        .replace('The dangerous moment', 'The dangrous moment')
        .replace('It does not decide the stuck case', 'It does not organize the behavior of the stuck case')
        .replace('accTitle: A late command', 'accTitle: A late comand')
        .replace('what: First published.', "what: 'Frist published.'"),
    },
    expected: [
      { file: saga, at: 'Frist', found: '"Frist", which the dictionary does not have', nearest: 'First' },
      { file: saga, at: 'dangrous', found: '"dangrous", which the dictionary does not have', nearest: 'dangerous' },
      { file: saga, at: 'comand', found: '"comand", which the dictionary does not have', nearest: 'command' },
      { file: saga, at: 'organize', found: '"organize", which the dictionary does not have', nearest: 'organise' },
      { file: saga, at: 'behavior', found: '"behavior", which the dictionary does not have', nearest: 'behaviour' },
    ],
  },
  {
    name: 'code, addresses, names of programs and numbers are no words',
    plant: { [saga]: (text) => text.replace('The dangerous moment', 'See `exmple`, PostgreSQL, HTTP, src/exmple.ts, [the page](https://exmple.org/exmple), v2x and o1/authrise. The dangerous moment') },
    expected: [],
  },
  {
    name: 'a word that leaves the list',
    plant: { 'content/data/words.txt': (text) => text.replace('\nTezkor\n', '\n').replace('\nUzum\n', '\n') },
    expected: [
      { file: saga, at: 'Uzum', found: '"Uzum", which the dictionary does not have' },
      { file: saga, at: 'Tezkor', found: '"Tezkor", which the dictionary does not have' },
      { file: orchestration, at: 'Uzum', found: '"Uzum", which the dictionary does not have' },
      { file: orchestration, at: 'Tezkor', found: '"Tezkor", which the dictionary does not have' },
    ],
  },
];
