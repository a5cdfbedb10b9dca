import { replaced } from './fixture.ts';
import type { Fixture } from './fixture.ts';

const saga = 'content/docs/patterns/data/saga.mdx';

export const fixtures: Fixture[] = [
  {
    name: 'a page that was published and calls itself a draft',
    plant: { [saga]: replaced('status: reviewed', 'status: draft') },
    expected: [{ file: saga, at: 'draft\n', found: '"draft", although content/versions/patterns/saga/1.0.md was published', expected: 'reviewed, stable or superseded' }],
  },
  {
    name: 'a page that is called stable on the day of its version',
    plant: { [saga]: (text) => text.replace('status: reviewed', 'status: stable').replace(/^reviewed: .*$/m, 'reviewed: 2026-12-27') },
    expected: [{ file: saga, at: 'stable\n', found: /^"stable", read \d+ days after version 1\.0$/, expected: 'a reading at least 182 days after the newest version' }],
  },
  {
    name: 'one that was read again after half a year',
    plant: { [saga]: (text) => text.replace('status: reviewed', 'status: stable').replace(/^reviewed: .*$/m, 'reviewed: 2027-06-01') },
    expected: [],
  },
  {
    name: 'a successor that is misspelt',
    plant: { [saga]: replaced('status: reviewed', 'status: superseded\nsupersededBy: event-sourcng') },
    expected: [{ file: saga, at: 'event-sourcng', found: '"event-sourcng"', expected: 'the slug of another pattern that was reviewed', nearest: 'event-sourcing' }],
  },
  {
    name: 'one that has a page',
    plant: { [saga]: replaced('status: reviewed', 'status: superseded\nsupersededBy: event-sourcing') },
    expected: [],
  },
];
