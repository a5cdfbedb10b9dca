import type { Fixture } from './fixture.ts';

const saga = 'content/docs/patterns/data/saga.mdx';
const uncompared = (text: string): string => text.replaceAll('### Compared with', '### Beside');

export const fixtures: Fixture[] = [
  {
    name: 'no heading that compares',
    plant: { [saga]: uncompared },
    expected: [{ file: saga, at: '## Related patterns', found: 'no heading that begins with "### Compared with"' }],
  },
  {
    name: 'a draft, whose neighbours may still be unknown',
    plant: { [saga]: (text) => uncompared(text).replace('status: reviewed', 'status: draft') },
    expected: [],
  },
];
