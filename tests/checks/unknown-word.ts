import { replaced, unchanged } from './fixture.ts';
import type { Fixture } from './fixture.ts';

const saga = 'content/docs/patterns/data/saga.mdx';
const source = 'content/data/sources/azure-saga.yaml';

export const fixtures: Fixture[] = [
  {
    name: 'a category and a relation with a letter that is wrong',
    plant: { [saga]: (text) => replaced('category: data\n', 'category: dta\n')(replaced('as: complements', 'as: complement')(text)) },
    expected: [
      { file: saga, at: 'dta\n', found: '"dta"', nearest: 'data', mend: 'write that word' },
      { file: saga, at: 'complement,', found: '"complement"', nearest: 'complements' },
    ],
    mended: { [saga]: unchanged },
  },
  {
    name: 'a kind of source that is near no other',
    plant: { [source]: replaced('kind: documentation', 'kind: gossip') },
    expected: [{ file: source, line: 1, column: 7, found: '"gossip"', expected: /^one of book, paper, / }],
  },
];
