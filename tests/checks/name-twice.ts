import { replaced } from './fixture.ts';
import type { Fixture } from './fixture.ts';

const breaker = 'content/docs/patterns/resilience/circuit-breaker.mdx';

export const fixtures: Fixture[] = [
  {
    name: 'another name that is the title of another pattern',
    plant: { [breaker]: replaced('alsoKnownAs: [Software fuse', 'alsoKnownAs: [Bulkhead') },
    expected: [{ file: breaker, at: 'Bulkhead, Fault', found: '"Bulkhead"', expected: 'a name that no other pattern has; it belongs to bulkhead' }],
  },
];
