import { replaced } from './fixture.ts';
import type { Fixture } from './fixture.ts';

const saga = 'content/docs/patterns/data/saga.mdx';

export const fixtures: Fixture[] = [
  {
    name: 'a key that is misspelt',
    plant: { [saga]: replaced('<Ref to="restate-sagas" at="Example" />', '<Ref to="restate-saga" at="Example" />') },
    expected: [{ file: saga, at: 'restate-saga"', found: '"restate-saga", a source that does not exist', nearest: 'restate-sagas' }],
    mended: { [saga]: (text) => text },
  },
  {
    name: 'a source that the page does not list',
    plant: { [saga]: replaced('sources: [garcia-molina-1987-sagas, azure-saga, ', 'sources: [azure-saga, ') },
    expected: [{ file: saga, at: 'garcia-molina-1987-sagas', found: '"garcia-molina-1987-sagas", which the page does not list', expected: 'a key among the `sources` in the frontmatter' }],
    mended: { [saga]: (text) => text.replace('sources: [garcia-molina-1987-sagas, azure-saga, ', 'sources: [azure-saga, ').replace(/^(sources: \[.*)\]$/m, '$1, garcia-molina-1987-sagas]') },
  },
  {
    name: 'a source that nobody has written down',
    plant: { [saga]: replaced('<Ref to="restate-sagas" at="Example" />', '<Ref to="lamport-1978-time-clocks" at="Example" />') },
    expected: [{ file: saga, at: 'lamport-1978-time-clocks', found: '"lamport-1978-time-clocks", a source that does not exist', mend: 'write the file of the source, and add its key to `sources`' }],
  },
  {
    name: 'a page whose frontmatter is no YAML, so that nobody knows what it lists',
    plant: { [saga]: replaced('title: Saga', 'title: Saga: a tale: of steps') },
    expected: [],
  },
];
