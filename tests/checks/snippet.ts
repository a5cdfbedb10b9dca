import { replaced } from './fixture.ts';
import type { Fixture } from './fixture.ts';

const saga = 'content/docs/patterns/data/saga.mdx';
const code = 'src/examples/saga/saga.ts';

export const fixtures: Fixture[] = [
  {
    name: 'a region that is misspelt',
    plant: { [saga]: replaced('region="attempt"', 'region="atempt"') },
    expected: [{ file: saga, at: 'atempt', found: `"atempt", a region that ${code} does not have`, nearest: 'attempt' }],
    mended: { [saga]: (text) => text },
  },
  {
    name: 'a region that is not there',
    plant: { [saga]: replaced('region="attempt"', 'region="something-else"') },
    expected: [{ file: saga, at: 'something-else', found: `"something-else", a region that ${code} does not have`, expected: 'one of attempt, give-up' }],
  },
  {
    name: 'a file that is misspelt, and one that is not there',
    plant: { [saga]: (text) => text.replace('saga/saga.ts" region="attempt"', 'saga/sagas.ts" region="attempt"').replace('saga/schema.ts', 'billing/invoices.ts') },
    expected: [
      { file: saga, at: 'saga/sagas.ts', found: '"saga/sagas.ts", a file that does not exist', nearest: 'saga/saga.ts' },
      { file: saga, at: 'billing/invoices.ts', found: '"billing/invoices.ts", a file that does not exist' },
    ],
    mended: { [saga]: replaced('saga/schema.ts', 'billing/invoices.ts') },
  },
  {
    name: 'a region that nothing closes',
    plant: { [code]: replaced('// #endregion attempt\n', '') },
    expected: [{ file: code, at: '// #region attempt', found: '"// #region attempt", which nothing closes' }],
  },
];
