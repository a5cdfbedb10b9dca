import { replaced } from './fixture.ts';
import type { Fixture } from './fixture.ts';

const saga = 'content/docs/patterns/data/saga.mdx';

export const fixtures: Fixture[] = [
  {
    name: 'the title once more',
    plant: { [saga]: replaced('Split the business transaction', '# Saga\n\nSplit the business transaction') },
    expected: [{ file: saga, at: '# Saga', found: '"# Saga", a heading of the first level' }],
    mended: { [saga]: (text) => text },
  },
  {
    name: 'another heading of the first level',
    plant: { [saga]: replaced('**Forward only.**', '# Forward only') },
    expected: [{ file: saga, at: '# Forward only', found: '"# Forward only", a heading of the first level' }],
  },
];
