import { replaced } from './fixture.ts';
import type { Fixture } from './fixture.ts';

const saga = 'content/docs/patterns/data/saga.mdx';

export const fixtures: Fixture[] = [
  {
    name: 'a case against the pattern, and no way out',
    plant: { [saga]: replaced(', instead: Publish the change reliably', '') },
    expected: [{ file: saga, at: '{ when: Only one service', found: 'a case against the pattern that leaves its reader alone', mend: /`instead: …`/ }],
  },
];
