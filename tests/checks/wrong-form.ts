import { replaced } from './fixture.ts';
import type { Fixture } from './fixture.ts';

const saga = 'content/docs/patterns/data/saga.mdx';
const source = 'content/data/sources/azure-saga.yaml';

export const fixtures: Fixture[] = [
  {
    name: 'a day in other words, an address without its protocol, a version with a letter',
    plant: { [saga]: (text) => replaced('reviewed: 2026-11-27', 'reviewed: 27 November')(replaced("'https://microservices.io/patterns/data/saga.html'", 'microservices.io/saga')(replaced("version: '1.0'", 'version: v1')(text))) },
    expected: [
      { file: saga, at: '27 November', found: '"27 November"', expected: 'a day such as 2026-11-21' },
      { file: saga, at: 'v1,', found: '"v1"', expected: 'a version such as 1.0' },
      { file: saga, at: 'microservices.io/saga }', found: '"microservices.io/saga"', expected: 'a web address that starts with https://' },
    ],
  },
  {
    name: 'a DOI with its resolver',
    plant: { [source]: (text) => `${text}doi: https://doi.org/10.1145/38713.38742\n` },
    expected: [{ file: source, at: 'https://doi.org', found: '"https://doi.org/10.1145/38713.38742"', expected: /^a DOI without the resolver/ }],
  },
];
