import type { Fixture } from './fixture.ts';

const saga = 'content/docs/patterns/data/saga.mdx';

export const fixtures: Fixture[] = [
  {
    name: 'a source without a reference',
    plant: { [saga]: (text) => text.replaceAll(' <Ref to="seata-tcc-fence" />', '') },
    expected: [{ file: saga, at: 'seata-tcc-fence', found: '"seata-tcc-fence", which no sentence refers to', expected: '<Ref to="seata-tcc-fence" /> behind a claim' }],
  },
  {
    name: 'a draft, whose sentences are still to come',
    plant: { [saga]: (text) => text.replaceAll(' <Ref to="seata-tcc-fence" />', '').replace('status: reviewed', 'status: draft') },
    expected: [],
  },
];
