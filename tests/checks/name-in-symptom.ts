import { replaced } from './fixture.ts';
import type { Fixture } from './fixture.ts';

const breaker = 'content/docs/patterns/resilience/circuit-breaker.mdx';

export const fixtures: Fixture[] = [
  {
    name: 'a symptom that knows the answer',
    plant: { [breaker]: replaced('  - The outage spreads', '  - We need a circuit breaker because the outage spreads') },
    expected: [{ file: breaker, at: 'We need a circuit breaker', found: 'the name "circuit breaker"', expected: 'what a reader sees before knowing the answer' }],
  },
];
