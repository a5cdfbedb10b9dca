import type { Fixture } from './fixture.ts';


export const fixtures: Fixture[] = [
  {
    name: 'a source that was written for nothing',
    plant: { 'content/data/sources/a-tale.yaml': 'kind: article\ntitle: A tale\nauthors: []\npublisher: Nobody\nurl: https://example.org/\n' },
    expected: [{ file: 'content/data/sources/a-tale.yaml', line: 1, column: 1, found: '"a-tale", which no page lists' }],
  },
];
