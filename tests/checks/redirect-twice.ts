import type { Fixture } from './fixture.ts';

const redirects = 'content/data/redirects.yaml';

export const fixtures: Fixture[] = [
  {
    name: 'two places for one address',
    plant: { [redirects]: '- { from: /patterns/old/, to: /patterns/saga/, since: 2026-12-01 }\n- { from: /patterns/old/, to: /patterns/cqrs/, since: 2026-12-02 }\n' },
    expected: [{ file: redirects, line: 2, column: 11, found: '"/patterns/old/", which stands there twice', expected: 'each address once' }],
  },
];
