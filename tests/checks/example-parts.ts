import { replaced } from './fixture.ts';
import type { Fixture } from './fixture.ts';

const saga = 'content/docs/patterns/data/saga.mdx';

export const fixtures: Fixture[] = [
  {
    name: 'a simulator of an example that is misspelt',
    plant: { [saga]: replaced('<Simulator example="saga" />', '<Simulator example="sagga" />') },
    expected: [{ file: saga, at: 'sagga', found: '"sagga", an example without scenario.ts', nearest: 'saga' }],
    mended: { [saga]: (text) => text },
  },
  {
    name: 'a scenario that is not there',
    plant: { 'src/examples/saga/scenario.ts': undefined },
    expected: [{ file: saga, at: 'saga" />\n\nLook', found: '"saga", an example without scenario.ts' }],
  },
];
