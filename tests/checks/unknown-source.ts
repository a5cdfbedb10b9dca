import { replaced, unchanged } from './fixture.ts';
import type { Fixture } from './fixture.ts';

const retry = 'content/docs/problems/a-retry-repeats-a-side-effect.mdx';

export const fixtures: Fixture[] = [
  {
    name: 'a key with a letter that is wrong',
    plant: { [retry]: replaced('stripe-idempotent-requests, azure', 'stripe-idempotent-request, azure') },
    expected: [{ file: retry, at: 'stripe-idempotent-request, azure', found: '"stripe-idempotent-request"', nearest: 'stripe-idempotent-requests', mend: 'write that key' }],
    mended: { [retry]: unchanged },
  },
  {
    name: 'a source without its file',
    plant: { [retry]: replaced('sources: [', 'sources: [a-book-that-nobody-has, ') },
    expected: [{ file: retry, at: 'a-book-that-nobody-has', found: '"a-book-that-nobody-has"', mend: 'write the file content/data/sources/a-book-that-nobody-has.yaml, with the day on which you opened it' }],
  },
];
