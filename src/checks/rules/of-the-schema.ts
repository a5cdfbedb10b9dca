/** What the schema of a single file holds. */
import type { Violation } from '../../catalogue/violations.ts';
import type { Rule } from '../rule.ts';
import { violatedRule } from '../violated-rule.ts';

export const ofTheSchema: readonly Rule[] = [
  violatedRule('unknown-key', {
    title: 'Every key is one that the file may have',
    at: 'key',
    said: ({ key }) => ({ found: `the key "${lastOf(key)}"` }),
    mend: ({ meant, nearest }) => (meant !== undefined ? 'rename the key' : nearest === undefined ? 'take the key out' : 'rename the key or take it out'),
  }),
  violatedRule('missing-key', {
    title: 'No key that a file needs is missing',
    at: 'key',
    said: ({ key, expected }) => ({ found: `no key "${lastOf(key)}"${key.includes('.') ? ` in ${key.split('.').slice(0, -1).join('.')}` : ''}`, expected: `"${lastOf(key)}", with ${expected} as its value` }),
    mend: ({ key }) => `add the line \`${lastOf(key)}: …\``,
  }),
  violatedRule('wrong-type', {
    title: 'A value is of the type that its key has',
    mend: ({ found, expected }) => (expected === 'a text' && /^(-?\d|true|false|null)/.test(found) ? 'put the value in quotes' : expected === 'a list' ? 'write each entry on a line of its own behind `- `, or all of them in brackets' : `write ${expected} there`),
  }),
  violatedRule('unknown-word', {
    title: 'A value that comes from a fixed list is one of the list',
    mend: ({ meant }) => (meant === undefined ? 'choose a word of the list; src/catalogue/vocabulary.ts says what each means' : 'write that word'),
  }),
  violatedRule('wrong-size', {
    title: 'Texts, lists and numbers keep within their limits',
    mend: ({ expected }) => (expected.startsWith('at most') ? `bring it down to ${expected}` : `bring it up to ${expected}`),
  }),
  violatedRule('wrong-form', {
    title: 'Days, addresses, slugs and versions have their form',
    mend: ({ expected }) => `write ${expected}`,
  }),
  violatedRule('not-when-without-instead', {
    title: 'When a pattern does not fit, its page says what to do instead',
    at: 'key',
    said: () => ({ found: 'a case against the pattern that leaves its reader alone', expected: 'the key "instead": what to do then' }),
    mend: 'add `instead: …`, and `see: <slug>` where a pattern of the catalogue is the answer',
  }),
  violatedRule('candidate-without-answer', {
    title: 'A candidate is a pattern or plain words, not both',
    mend: 'keep `pattern: <slug>` where a pattern is the answer, `do: …` where none is needed',
  }),
];

function lastOf(key: Violation['key']): string {
  return key.split('.').at(-1) ?? key;
}
