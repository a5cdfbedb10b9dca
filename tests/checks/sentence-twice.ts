import { replaced } from './fixture.ts';
import type { Fixture } from './fixture.ts';

const retry = 'content/docs/problems/a-retry-repeats-a-side-effect.mdx';

export const fixtures: Fixture[] = [
  {
    name: 'a symptom with other capitals and blanks',
    plant: { [retry]: replaced('questions:\n', '  - support refunds  duplicates by hand every week.\nquestions:\n') },
    expected: [{ file: retry, at: 'support refunds', found: '"support refunds  duplicates by hand every week.", which stands there twice', expected: 'something else than symptoms.4 says' }],
  },
];
