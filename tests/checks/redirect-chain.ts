import type { Fixture } from './fixture.ts';

const redirects = 'content/data/redirects.yaml';

export const fixtures: Fixture[] = [
  {
    name: 'an address that was given up itself',
    plant: { [redirects]: '- { from: /patterns/old/, to: /patterns/older/, since: 2026-12-01 }\n- { from: /patterns/older/, to: /patterns/saga/, since: 2026-12-02 }\n' },
    expected: [{ file: redirects, line: 1, column: 31, found: '"/patterns/older/", which was given up itself', expected: 'the address where it ends, "/patterns/saga/"' }],
  },
];
