import { replaced } from './fixture.ts';
import type { Fixture } from './fixture.ts';

const retry = 'content/docs/problems/a-retry-repeats-a-side-effect.mdx';

export const fixtures: Fixture[] = [
  {
    name: 'a symptom that says nothing',
    plant: { [retry]: replaced('  - Support refunds duplicates by hand every week.', '  - It is not as it was, and we do not know why.') },
    expected: [{ file: retry, at: 'It is not as it was', found: '"It is not as it was, and we do not know why.", which finds nothing when it is typed', expected: /^one of idempotency-key, / }],
  },
];
