import { expect, test } from 'vitest';
import { parseGlossary, readGlossary } from './glossary.ts';
import { describeViolation } from './violations.ts';

const lag = '- { id: lag, term: Lag, words: [lag], definition: How far a copy is behind what it follows. }\n';

test('the glossary can be read, and fills what may be left out', () => {
  expect(readGlossary().length).toBeGreaterThan(39);
  expect(parseGlossary(lag)).toEqual({ terms: [{ id: 'lag', term: 'Lag', alsoCalled: [], words: ['lag'], notOn: [], patterns: [], sources: [], definition: 'How far a copy is behind what it follows.' }], violations: [] });
});

test.each([
  ['text that is no YAML', '- {', /text that is not YAML/],
  ['an unknown key', lag.replace('words', 'wods'), /0\.wods: found an unknown key/],
  ['a term twice', `${lag}${lag}`, /"lag" behind "lag"; expected each id once/],
  ['a word at two terms', `${lag}${lag.replace('id: lag', 'id: late')}`, /1\.words\.0: found "lag", which leads to "lag" already/],
])('%s is told', (_, text, message) => {
  expect(parseGlossary(text).violations.map(describeViolation).join('\n')).toMatch(message);
});
