import { replaced } from './fixture.ts';
import type { Fixture } from './fixture.ts';

const synonyms = 'content/data/synonyms.yaml';

export const fixtures: Fixture[] = [
  {
    name: 'a word on its own',
    plant: { [synonyms]: replaced('- [attempt, tries, tried]', '- [attempt]') },
    expected: [{ file: synonyms, at: '[attempt]', found: '["attempt"]', expected: 'a list of at least two words or phrases' }],
  },
  {
    name: 'text that is no list',
    plant: { [synonyms]: 'attempt: tries\n' },
    expected: [{ file: synonyms, line: 1, column: 1, found: 'something else than a list' }],
  },
];
