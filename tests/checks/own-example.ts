import { replaced } from './fixture.ts';
import type { Fixture } from './fixture.ts';

const saga = 'content/docs/patterns/data/saga.mdx';

export const fixtures: Fixture[] = [
  {
    name: 'a region of another example',
    plant: { [saga]: replaced('<Snippet file="saga/schema.ts" region="claim" />', '<Snippet file="transactional-outbox/schema.ts" region="schema" />') },
    expected: [{ file: saga, at: 'transactional-outbox/schema.ts', found: '"transactional-outbox/schema.ts", which belongs to another page' }],
  },
  {
    name: 'no code at all',
    plant: { [saga]: (text) => text.replaceAll(/<Snippet [^>]*\/>\n/g, '') },
    expected: [{ file: saga, at: '## Code', found: 'no code' }],
  },
  {
    name: 'an example that no page shows',
    plant: { 'src/examples/rate-limit/rate-limit.ts': 'export const nothing = 0;\n' },
    expected: [{ file: 'src/examples/rate-limit/rate-limit.ts', line: 1, column: 1, found: 'src/examples/rate-limit/, which no page shows' }],
  },
];
