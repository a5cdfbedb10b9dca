import { replaced, unchanged } from './fixture.ts';
import type { Fixture } from './fixture.ts';

const saga = 'content/docs/patterns/data/saga.mdx';
const source = 'content/data/sources/azure-saga.yaml';

export const fixtures: Fixture[] = [
  {
    name: 'a letter too many at the top, and one inside a list',
    plant: { [saga]: (text) => replaced('\nsymptoms:\n', '\nsymptons:\n')(replaced('as: requires, why: Each step', 'as: requires, wy: Each step')(text)) },
    expected: [
      { file: saga, at: 'symptons:', found: 'the key "symptons"', nearest: 'symptoms', mend: 'rename the key' },
      { file: saga, at: 'wy: Each step', found: 'the key "wy"', nearest: 'why', expected: 'one of to, as, why' },
    ],
    mended: { [saga]: unchanged },
  },
  {
    name: 'a force that does not exist, and is near no other',
    plant: { [saga]: replaced('  small-team: -1\n', '  friday-afternoon: -1\n') },
    expected: [{ file: saga, at: 'friday-afternoon', found: 'the key "friday-afternoon"', mend: 'take the key out' }],
  },
  {
    name: 'a key that is near one that is there already',
    plant: { [source]: replaced('url:', 'titel: Saga\nurl:') },
    expected: [{ file: source, at: 'titel:', found: 'the key "titel"', nearest: 'title' }],
  },
  {
    name: 'a file with the line ends of Windows and a byte order mark',
    plant: { [source]: (text) => `\uFEFF${text.replace('url:', 'utl:').replaceAll('\n', '\r\n')}` },
    expected: [{ file: source, line: 5, column: 1, found: 'the key "utl"', nearest: 'url' }],
    mended: { [source]: unchanged },
  },
];
