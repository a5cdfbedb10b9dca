import { replaced } from './fixture.ts';
import type { Fixture } from './fixture.ts';

const saga = 'content/docs/patterns/data/saga.mdx';
const retry = 'content/docs/problems/a-retry-repeats-a-side-effect.mdx';
const guide = 'content/docs/guides/one-slow-service.mdx';

export const fixtures: Fixture[] = [
  {
    name: 'a pattern that lists one, a problem whose sources nobody opened, and a guide with one that was opened',
    plant: {
      [saga]: (text) => text.replace(/^sources:[\s\S]*?\n---/m, 'sources: [azure-saga]\n---'),
      [retry]: replaced('sources: [', 'sources: [] # '),
      [guide]: (text) => text.replace(/^sources: .*$/m, 'sources: [resilience4j-839]'),
    },
    expected: [
      { file: saga, at: 'sources: [azure-saga]', found: '1 entry of `sources`', expected: 'at least 2 entries' },
      { file: retry, at: 'sources: [] #', found: 'no source that was opened', expected: 'at least one' },
    ],
  },
  {
    name: 'a source without the day on which it was opened',
    plant: { [saga]: (text) => text.replace(/^sources:[\s\S]*?\n---/m, 'sources: [azure-saga, resilience4j-839]\n---'), 'content/data/sources/azure-saga.yaml': (text) => text.replace(/^opened:.*\n/m, '') },
    expected: [{ file: saga, at: 'sources: [azure-saga', found: 'one source that was opened', expected: 'at least two' }],
  },
  {
    name: 'a draft',
    plant: { [retry]: (text) => replaced('sources: [', 'sources: [] # ')(replaced('status: reviewed', 'status: draft')(text)) },
    expected: [],
  },
];
