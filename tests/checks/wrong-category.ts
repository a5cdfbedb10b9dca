import { replaced } from './fixture.ts';
import type { Fixture } from './fixture.ts';

const saga = 'content/docs/patterns/data/saga.mdx';

export const fixtures: Fixture[] = [
  {
    name: 'a category that is another folder',
    plant: { [saga]: replaced('category: data', 'category: resilience') },
    expected: [{ file: saga, at: 'resilience\n', found: '"resilience"', expected: '"data", the folder of the file', mend: /move the file to content\/docs\/patterns\/resilience\// }],
  },
];
