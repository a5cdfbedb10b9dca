import { replaced } from './fixture.ts';
import type { Fixture } from './fixture.ts';


export const fixtures: Fixture[] = [
  {
    name: 'a relation that the other page states as well',
    plant: { 'content/docs/patterns/resilience/retry-with-backoff.mdx': replaced('\nrelations:\n', '\nrelations:\n  - { to: saga, as: complements, why: A step may be tried again. }\n') },
    expected: [{ file: 'content/docs/patterns/resilience/retry-with-backoff.mdx', at: '{ to: saga', found: '"complements" between retry-with-backoff and saga', expected: 'a relation that is stated once; content/docs/patterns/data/saga.mdx already does' }],
  },
];
