import { replaced } from './fixture.ts';
import type { Fixture } from './fixture.ts';

const saga = 'content/docs/patterns/data/saga.mdx';
const outbox = 'content/docs/patterns/data/transactional-outbox.mdx';

export const fixtures: Fixture[] = [
  {
    name: 'several mistakes on one page, and one on another',
    plant: {
      [saga]: (text) => text
        .replace('The dangerous moment is the unknown outcome.', 'The dangerous moment is when x <5 and {y.')
        .replace('A claim is one statement.', 'A claim </b> is one statement.')
        .replace('<Ref to="restate-sagas" at="Example" />', '<Ref to="restate-sagas" at="Example">')
        .replace('Testing multiplies:', '{1 +} Testing multiplies:'),
      [outbox]: replaced("from '~/components'", 'from ~/components'),
    },
    expected: [
      { file: saga, at: '<5 and', found: '"<5 and {y.", where "<" begins no tag' },
      { file: saga, at: '{y.', found: '"{", which nothing closes' },
      { file: saga, at: '<Ref to="restate-sagas" at="Example">', found: '"<Ref>", which nothing closes' },
      { file: saga, at: '</b>', found: '"</b>", which closes nothing' },
      { file: saga, at: '{1 +}', found: '"{1 +}", which is no value: unexpected token' },
      { file: outbox, at: '~/components', found: /^an import that cannot be read: / },
    ],
  },
  {
    name: 'a comment of HTML',
    plant: { [saga]: replaced('## Variants', '<!-- to do -->\n\n## Variants') },
    expected: [{ file: saga, at: '<!-- to do -->', found: '"<!--", a comment of HTML', expected: 'a comment of MDX, "{/* … */}"' }],
    mended: { [saga]: replaced('## Variants', '{/* to do */}\n\n## Variants') },
  },
];
