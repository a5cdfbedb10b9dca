import { replaced } from './fixture.ts';
import type { Fixture } from './fixture.ts';

const saga = 'content/docs/patterns/data/saga.mdx';

export const fixtures: Fixture[] = [
  {
    name: 'a source that was written for nothing',
    plant: { 'content/data/sources/a-tale.yaml': 'kind: article\ntitle: A tale\nauthors: []\npublisher: Nobody\nurl: https://example.org/\n' },
    expected: [{ file: 'content/data/sources/a-tale.yaml', line: 1, column: 1, found: '"a-tale", which no page lists' }],
  },
  {
    name: 'a page whose frontmatter is no YAML, so that nobody knows what it lists',
    plant: { [saga]: replaced('title: Saga', 'title: Saga: a tale: of steps') },
    expected: [],
  },
];
