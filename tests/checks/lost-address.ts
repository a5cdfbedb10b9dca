import type { Fixture } from './fixture.ts';

const redirects = 'content/data/redirects.yaml';
const ledger = 'content/data/addresses.txt';

export const fixtures: Fixture[] = [
  {
    name: 'a page that was renamed without a word',
    plant: { 'content/docs/patterns/data/saga.mdx': undefined },
    expected: [{ file: ledger, at: '/patterns/saga/\n', found: '"/patterns/saga/", which was given out and leads nowhere now', expected: 'its page, or a line in content/data/redirects.yaml' }],
  },
  {
    name: 'one whose readers are led to where nothing is',
    plant: { 'content/docs/patterns/data/saga.mdx': undefined, [redirects]: '- { from: /patterns/saga/, to: /patterns/long-tale/, since: 2026-12-01 }\n' },
    expected: [{ file: ledger, at: '/patterns/saga/\n', found: '"/patterns/saga/", which leads on to "/patterns/long-tale/", where nothing is' }],
  },
  {
    name: 'one whose readers are led on',
    plant: { 'content/docs/patterns/data/saga.mdx': undefined, [redirects]: '- { from: /patterns/saga/, to: /patterns/cqrs/, since: 2026-12-01 }\n' },
    expected: [],
  },
];
