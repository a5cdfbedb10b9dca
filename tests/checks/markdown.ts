import { replaced } from './fixture.ts';
import type { Fixture } from './fixture.ts';

const saga = 'content/docs/patterns/data/saga.mdx';

export const fixtures: Fixture[] = [
  {
    name: 'two empty lines, spaces at the end of one, and a list of stars',
    plant: { [saga]: (text) => text.replace('## Variants', '\n## Variants').replace('A claim is one statement.\n', 'A claim is one statement. \n\n* One\n') },
    expected: [
      { file: saga, at: ' \n\n* One', found: /^MD009 no-trailing-spaces: trailing spaces \(/ },
      { file: saga, at: '* One\n', found: /^MD004 ul-style: / },
      { file: saga, at: '\n## Variants', found: /^MD012 no-multiple-blanks: / },
    ],
    mended: { [saga]: (text) => text.replace('A claim is one statement.\n', 'A claim is one statement.\n\n- One\n') },
  },
  {
    name: 'a heading that leaves a level out, which no machine can mend',
    plant: { [saga]: replaced('### Compared with two-phase commit\n', '#### Compared with two-phase commit\n') },
    expected: [{ file: saga, at: '#### Compared with two-phase', found: /^MD001 heading-increment: / }],
  },
];
