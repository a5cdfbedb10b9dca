import { expect, test } from 'vitest';
import { asCode } from './markdown-cells.ts';

test.each([
  ['plain', '`plain`'],
  ['two\nlines\t and\u200b\u202emore', '`two lines and more`'],
  ['a | b \\| c', '`a ¦ b \\¦ c`'],
  ['`', '`` ` ``'],
  ['``x` @team #1', '``` ``x` @team #1 ```'],
  ['', '``  ``'.replaceAll('``', '`')],
  ['ends in \\', '`ends in \\`'],
])('%j stays text', (text, code) => {
  expect(asCode(text)).toBe(code);
});

test('what is long is cut between characters, not within one', () => {
  expect(asCode('🫖'.repeat(20), 5)).toBe('`🫖🫖🫖🫖…`');
});
