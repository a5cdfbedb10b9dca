import { replaced } from './fixture.ts';
import type { Fixture } from './fixture.ts';

const saga = 'content/docs/patterns/data/saga.mdx';
const guide = 'content/docs/guides/one-slow-service.mdx';
const ledger = 'content/data/addresses.txt';

export const fixtures: Fixture[] = [
  {
    name: 'a heading in other words',
    plant: { [saga]: replaced('### Compared with two-phase commit', '### Compared with two-phase commits') },
    expected: [{ file: saga, at: '### Compared with two-phase commits', found: 'no place "compared-with-two-phase-commit" on /patterns/saga/ any more', mend: 'keep the place with {#compared-with-two-phase-commit} behind the heading' }],
    mended: { [saga]: replaced('### Compared with two-phase commit', '### Compared with two-phase commits {#compared-with-two-phase-commit}') },
  },
  {
    name: 'a claim that begins otherwise, and one that is gone',
    plant: { [saga]: (text) => text.replace('Testing multiplies: each step can', 'Testing multiplied: each step can').replace('- **The pivot hangs.** Neither direction is safe: the parcel may be on its way. It is only repeated, then parked.\n', '') },
    expected: [
      { file: saga, at: '\nimport { Forces', found: 'no place "the-pivot-hangs" on /patterns/saga/ any more' },
      { file: saga, at: 'An orchestrated order takes', found: 'no place "testing-multiplies-each-step-can" on /patterns/saga/ any more', expected: '"testing-multiplies-each-step-can", which seems to have become "testing-multiplied-each-step-can"' },
    ],
  },
  { name: 'a page that is gone, which another rule tells', plant: { [guide]: undefined }, expected: [] },
  {
    name: 'a diagram in other words, whose picture was given out',
    plant: { [saga]: replaced('accTitle: A late command meets a tombstone', 'accTitle: A late command finds a tombstone') },
    expected: [
      { file: ledger, at: '/patterns/saga/a-late-command-meets-a-tombstone.png', found: '"/patterns/saga/a-late-command-meets-a-tombstone.png", where the site has nothing any more' },
      { file: ledger, at: '/patterns/saga/a-late-command-meets-a-tombstone.svg', found: '"/patterns/saga/a-late-command-meets-a-tombstone.svg", where the site has nothing any more' },
    ],
  },
  {
    name: 'a comparison that is gone with its relation, and all that stands below it',
    plant: { 'content/docs/patterns/integration/ambassador.mdx': replaced('{ to: service-mesh, as: alternative-to,', '{ to: service-mesh, as: complements,') },
    expected: [{ file: ledger, at: '/compare/ambassador-or-service-mesh/\n', found: '"/compare/ambassador-or-service-mesh/", where the site has nothing any more' }],
  },
  { name: 'a page whose frontmatter is broken says nothing of what it makes', plant: { [saga]: replaced('kind: pattern', 'kind: patern') }, expected: [] },
  {
    name: 'what leads on is not lost',
    plant: {
      [saga]: replaced('### Compared with two-phase commit', '### Compared with locks'),
      'content/data/redirects.yaml': (text) => text.replace(/^\[\]$/m, "- { from: '/patterns/saga/#compared-with-two-phase-commit', to: '/patterns/saga/#compared-with-locks', since: 2026-11-27 }"),
    },
    expected: [],
  },
  {
    name: 'a page whose frontmatter is broken, and with it what is made from it',
    plant: { [saga]: replaced('category: data', 'category: dta') },
    expected: [],
  },
];
