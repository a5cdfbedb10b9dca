import { replaced } from './fixture.ts';
import type { Fixture } from './fixture.ts';

const saga = 'content/docs/patterns/data/saga.mdx';

export const fixtures: Fixture[] = [
  {
    name: 'a pattern whose questions were taken out',
    plant: { 'tests/finder/queries.jsonl': (text) => text.split('\n').filter((line) => !line.includes('"pattern":"saga"') || line.includes('"saga-1"')).join('\n') },
    expected: [{ file: saga, at: 'title: Saga', found: '1 question for "saga" in tests/finder/queries.jsonl', expected: 'at least 3' }],
  },
  {
    name: 'a draft',
    plant: { 'tests/finder/queries.jsonl': (text) => text.split('\n').filter((line) => !line.includes('"pattern":"saga"')).join('\n'), [saga]: replaced('status: reviewed', 'status: draft') },
    expected: [],
  },
];
