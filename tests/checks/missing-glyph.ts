import { replaced } from './fixture.ts';
import type { Fixture } from './fixture.ts';

const saga = 'content/docs/patterns/data/saga.mdx';

export const fixtures: Fixture[] = [
  {
    name: 'a pattern without a drawing',
    plant: { 'src/components/glyphs/saga.svg': undefined },
    expected: [{ file: saga, at: 'title: Saga', found: 'a pattern without a drawing', expected: 'the file src/components/glyphs/saga.svg' }],
  },
  {
    name: 'a draft',
    plant: { 'src/components/glyphs/saga.svg': undefined, [saga]: replaced('status: reviewed', 'status: draft') },
    expected: [],
  },
];
