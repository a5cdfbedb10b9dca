import type { Rule } from '../rule.ts';
import { violatedRule } from '../violated-rule.ts';

export const ofRedirects: readonly Rule[] = [
  violatedRule('redirect-twice', { title: 'An old address leads to one new one', mend: 'take one of the two out' }),
  violatedRule('redirect-chain', { title: 'A redirect leads to an address that is still there', mend: 'lead to the address where it ends' }),
];
