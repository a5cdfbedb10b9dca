import { replaced } from './fixture.ts';
import type { Fixture } from './fixture.ts';

const saga = 'content/docs/patterns/data/saga.mdx';

export const fixtures: Fixture[] = [
  {
    name: 'a saga that requires a saga',
    plant: { [saga]: replaced('to: idempotency-key', 'to: saga') },
    expected: [{ file: saga, at: 'saga, as: requires', found: '"saga"', expected: 'another pattern, not the page itself' }],
  },
];
