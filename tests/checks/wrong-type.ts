import { replaced } from './fixture.ts';
import type { Fixture } from './fixture.ts';

const saga = 'content/docs/patterns/data/saga.mdx';

export const fixtures: Fixture[] = [
  {
    name: 'a number that is meant as a text, and a text that is meant as a list',
    plant: { [saga]: (text) => replaced('title: Saga', 'title: 2026')(replaced('alsoKnownAs: [', 'alsoKnownAs: LRA #')(text)) },
    expected: [
      { file: saga, at: '2026\n', found: '2026', expected: 'a text', mend: 'put the value in quotes' },
      { file: saga, at: 'LRA #', found: '"LRA"', expected: 'a list' },
    ],
  },
];
