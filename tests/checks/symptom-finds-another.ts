import { replaced } from './fixture.ts';
import type { Fixture } from './fixture.ts';

const saga = 'content/docs/patterns/data/saga.mdx';

export const fixtures: Fixture[] = [
  {
    name: 'a symptom that another pattern claims as well',
    plant: { [saga]: replaced('  - A transfer took money from the account in one service and never credited it in the other.', '  - Customers are charged twice when the payment page hangs and they press the button again.') },
    expected: [{ file: saga, at: 'Customers are charged twice', found: '"Customers are charged twice when the payment page hangs and they press the button again.", which finds idempotency-key first', expected: 'words that find saga first' }],
  },
];
