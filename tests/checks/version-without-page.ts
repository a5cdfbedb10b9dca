import { replaced } from './fixture.ts';
import type { Fixture } from './fixture.ts';

const saga = 'content/docs/patterns/data/saga.mdx';
const frozen = 'content/versions/patterns/saga/1.0.md';

export const fixtures: Fixture[] = [
  {
    name: 'a page that is gone',
    plant: { [saga]: undefined },
    expected: [{ file: frozen, line: 1, column: 1, found: '"saga", which no pattern has' }],
  },
  {
    name: 'an entry that is gone',
    plant: { [saga]: replaced("version: '1.0'", "version: '1.1'") },
    expected: [{ file: frozen, line: 1, column: 1, found: 'version 1.0, which `changes` in content/docs/patterns/data/saga.mdx does not name' }],
  },
  {
    name: 'a page that is broken, which is no second mistake',
    plant: { [saga]: replaced('category: data', 'category: dta') },
    expected: [],
  },
];
