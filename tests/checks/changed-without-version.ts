import { replaced } from './fixture.ts';
import type { Fixture } from './fixture.ts';

const saga = 'content/docs/patterns/data/saga.mdx';

export const fixtures: Fixture[] = [
  {
    name: 'another sentence and the same version',
    plant: { [saga]: replaced('## What it costs\n', '## What it costs\n\nNothing at all.\n') },
    expected: [{ file: saga, at: 'changes:', found: 'something else than version 1.0 said when it was frozen', mend: /`npm run freeze`/ }],
  },
  {
    name: 'another line of the code that it shows',
    plant: { 'src/examples/saga/place-order.ts': replaced('// #region definition\n', '// #region definition\n// Another line.\n') },
    expected: [{ file: saga, at: 'changes:', found: 'something else than version 1.0 said when it was frozen' }],
  },
  {
    name: 'what only tells of the reading',
    plant: { [saga]: replaced('status: reviewed', 'status: stable') },
    expected: [],
  },
  {
    name: 'a region that is not there, which is another mistake',
    plant: { 'src/examples/saga/place-order.ts': replaced('// #region definition\n', '') },
    expected: [],
  },
];
