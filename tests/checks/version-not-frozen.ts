import { replaced } from './fixture.ts';
import type { Fixture } from './fixture.ts';

const saga = 'content/docs/patterns/data/saga.mdx';

export const fixtures: Fixture[] = [
  {
    name: 'a new entry that nothing has kept yet',
    plant: { [saga]: replaced('changes:\n', "changes:\n  - { version: '1.1', date: 2026-12-01, what: Says what a park is. }\n") },
    expected: [{ file: saga, at: 'changes:', found: 'version 1.1, which is not frozen', mend: 'run `npm run freeze` when the page is ready; until then its status is `draft`' }],
  },
  {
    name: 'a draft',
    plant: { [saga]: (text) => replaced('status: reviewed', 'status: draft')(replaced('changes:\n', "changes:\n  - { version: '1.1', date: 2026-12-01, what: Says what a park is. }\n")(text)) },
    expected: [],
  },
];
