import { replaced } from './fixture.ts';
import type { Fixture } from './fixture.ts';

const retry = 'content/docs/problems/a-retry-repeats-a-side-effect.mdx';

export const fixtures: Fixture[] = [
  {
    name: 'a candidate with both a pattern and plain words',
    plant: { [retry]: replaced('pattern: idempotency-key', 'do: Store a key, pattern: idempotency-key') },
    expected: [{ file: retry, at: '{ when: The effect is not repeatable', found: /^\{"when":/, expected: 'either `pattern` or `do`, not both' }],
  },
];
