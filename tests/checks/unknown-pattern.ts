import { replaced, unchanged } from './fixture.ts';
import type { Fixture } from './fixture.ts';

const saga = 'content/docs/patterns/data/saga.mdx';
const retry = 'content/docs/problems/a-retry-repeats-a-side-effect.mdx';
const guide = 'content/docs/guides/one-slow-service.mdx';

export const fixtures: Fixture[] = [
  {
    name: 'a relation, a way out, a candidate and a stop of a guide, each with a letter that is missing',
    plant: {
      [saga]: (text) => replaced('to: idempotency-key', 'to: idempotncy-key')(replaced('see: transactional-outbox', 'see: transactional-outbx')(text)),
      [retry]: replaced('pattern: idempotency-key', 'pattern: idempotency-ky'),
      [guide]: replaced('circuit-breaker, bulkhead', 'circuit-braker, bulkhead'),
    },
    expected: [
      { file: guide, at: 'circuit-braker', found: '"circuit-braker"', nearest: 'circuit-breaker' },
      { file: saga, at: 'idempotncy-key', found: '"idempotncy-key"', nearest: 'idempotency-key', mend: 'write that slug' },
      { file: saga, at: 'transactional-outbx', found: '"transactional-outbx"', nearest: 'transactional-outbox' },
      { file: retry, at: 'idempotency-ky', found: '"idempotency-ky"', nearest: 'idempotency-key' },
    ],
    mended: { [saga]: unchanged, [retry]: unchanged, [guide]: unchanged },
  },
  {
    name: 'a pattern that nobody has written',
    plant: { [saga]: replaced('to: idempotency-key', 'to: two-phase-commit') },
    expected: [{ file: saga, at: 'two-phase-commit, as', found: '"two-phase-commit"', mend: 'name a pattern by its slug, the name of its file' }],
  },
  {
    name: 'a pattern whose own page is broken, which is no second mistake',
    plant: { 'content/docs/patterns/data/idempotency-key.mdx': replaced('category: data', 'category: dta') },
    expected: [],
  },
];
