import type { Fixture } from './fixture.ts';

const saga = 'content/docs/patterns/data/saga.mdx';

export const fixtures: Fixture[] = [
  {
    name: 'in the text and in the frontmatter; not in code',
    plant: { [saga]: (text) => text.replace('The dangerous moment', 'Leveraging logs, the dangerous moment').replace('note over', 'note simply over').replace('what: First published.', 'what: First published, seamlessly.').replace('log: turned back', 'log: simply turned back') },
    expected: [
      { file: saga, at: 'seamlessly', found: '"seamlessly"' },
      { file: saga, at: 'Leveraging', found: '"Leveraging"' },
    ],
  },
];
