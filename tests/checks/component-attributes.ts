import { replaced } from './fixture.ts';
import type { Fixture } from './fixture.ts';

const saga = 'content/docs/patterns/data/saga.mdx';

export const fixtures: Fixture[] = [
  {
    name: 'an attribute that is misspelt',
    plant: { [saga]: replaced('<Snippet file="saga/saga.ts" region="attempt" />', '<Snippet file="saga/saga.ts" regon="attempt" />') },
    expected: [{ file: saga, at: 'regon=', found: '"regon", an attribute that Snippet does not know', expected: 'one of file, region', nearest: 'region' }],
    mended: { [saga]: (text) => text },
  },
  {
    name: 'an attribute on a component that has none',
    plant: { [saga]: replaced('<Forces />', '<Forces of="saga" />') },
    expected: [{ file: saga, at: 'of="saga"', found: '"of", an attribute that Forces does not know', expected: '<Forces />, without attributes' }],
  },
  {
    name: 'a reference to nothing',
    plant: { [saga]: replaced('<Ref to="restate-sagas" at="Example" />', '<Ref at="Example" />') },
    expected: [{ file: saga, at: '<Ref at="Example" />', found: '<Ref> without "to"', expected: '<Ref to="…" />' }],
  },
];
