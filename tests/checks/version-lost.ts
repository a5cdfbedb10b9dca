import { replaced } from './fixture.ts';
import type { Fixture } from './fixture.ts';

const saga = 'content/docs/patterns/data/saga.mdx';

export const fixtures: Fixture[] = [
  {
    name: 'an earlier version without its file',
    plant: { [saga]: replaced("  - { version: '1.0'", "  - { version: '1.0', date: 2026-11-27, what: First published. }\n  - { version: '0.9'") },
    expected: [{ file: saga, at: 'changes:', found: 'version 0.9, which nothing has kept' }],
  },
];
