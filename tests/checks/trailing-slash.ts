import { replaced } from './fixture.ts';
import type { Fixture } from './fixture.ts';

const saga = 'content/docs/patterns/data/saga.mdx';
const outbox = '[outbox](/patterns/transactional-outbox/) of the service';

export const fixtures: Fixture[] = [
  {
    name: 'a page without its slash, with and without a place',
    plant: { [saga]: replaced(outbox, '[outbox](/patterns/transactional-outbox) and its [costs](/patterns/transactional-outbox#what-it-costs) of the service') },
    expected: [
      { file: saga, at: '/patterns/transactional-outbox)', found: '"/patterns/transactional-outbox"', expected: '"/patterns/transactional-outbox/"' },
      { file: saga, at: '/patterns/transactional-outbox#', found: '"/patterns/transactional-outbox#what-it-costs"', expected: '"/patterns/transactional-outbox/#what-it-costs"' },
    ],
    mended: { [saga]: replaced(outbox, '[outbox](/patterns/transactional-outbox/) and its [costs](/patterns/transactional-outbox/#what-it-costs) of the service') },
  },
];
