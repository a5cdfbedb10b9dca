import { readFileSync } from 'node:fs';
import type { Fixture } from './fixture.ts';

const saga = 'content/docs/patterns/data/saga.mdx';

export const fixtures: Fixture[] = [
  {
    name: 'the same name of a file in two folders',
    plant: { 'content/docs/patterns/resilience/saga.mdx': readFileSync(saga, 'utf8').replace('category: data', 'category: resilience') },
    expected: [{ file: 'content/docs/patterns/resilience/saga.mdx', line: 1, column: 1, found: '"saga"', expected: 'a slug of its own; content/docs/patterns/data/saga.mdx has it' }],
  },
];
