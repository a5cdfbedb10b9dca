import type { Fixture } from './fixture.ts';

const frozen = 'content/versions/patterns/saga/1.0.md';

export const fixtures: Fixture[] = [
  {
    name: 'a word that was mended where nothing may be mended',
    plant: { [frozen]: (text) => `${text}\nOne more sentence.\n` },
    expected: [{ file: frozen, line: 1, column: 1, found: 'a text that was changed after it was frozen' }],
  },
  {
    name: 'a file without its first line',
    plant: { [frozen]: (text) => text.replace(/frozen: .*\n/, '') },
    expected: [{ file: frozen, line: 1, column: 1, found: 'a file whose second line does not begin with `frozen: `' }],
  },
];
