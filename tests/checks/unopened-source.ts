import { replaced } from './fixture.ts';
import type { Fixture } from './fixture.ts';

const saga = 'content/docs/patterns/data/saga.mdx';
const source = 'content/data/sources/particular-workflows.yaml';
const unopened = (text: string): string => text.replace(/^opened: .*\n/m, '');

export const fixtures: Fixture[] = [
  {
    name: 'a claim on a source that nobody opened',
    plant: { [source]: unopened },
    expected: [{ file: saga, at: 'particular-workflows" />', found: '"particular-workflows", a source that nobody opened' }],
  },
  {
    name: 'a draft, whose sources are still to be read',
    plant: { [source]: unopened, [saga]: replaced('status: reviewed', 'status: draft') },
    expected: [],
  },
];
