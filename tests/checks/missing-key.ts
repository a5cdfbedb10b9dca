import { replaced } from './fixture.ts';
import type { Fixture } from './fixture.ts';

const saga = 'content/docs/patterns/data/saga.mdx';
const retry = 'content/docs/problems/a-retry-repeats-a-side-effect.mdx';

export const fixtures: Fixture[] = [
  {
    name: 'a key at the top, and one inside a list',
    plant: { [saga]: (text) => replaced('category: data\n', '')(replaced('to: compensating-transaction, as: requires, why:', 'to: compensating-transaction, why:')(text)) },
    expected: [
      { file: saga, line: 1, column: 1, found: 'no key "category"', mend: 'add the line `category: …`' },
      { file: saga, at: '{ to: compensating-transaction', found: 'no key "as" in relations.0' },
    ],
  },
  {
    name: 'a page without any frontmatter',
    plant: { [retry]: 'Only a text.\n' },
    expected: [{ file: retry, line: 1, column: 1, found: 'no key "kind"', expected: /^"kind", with one of pattern, / }],
  },
  {
    name: 'a key that is written wrongly, which is one mistake',
    plant: { [saga]: replaced('\nsymptoms:\n', '\nsymptons:\n') },
    expected: [],
  },
];
