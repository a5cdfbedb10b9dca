import { replaced } from './fixture.ts';
import type { Fixture } from './fixture.ts';

const saga = 'content/docs/patterns/data/saga.mdx';

export const fixtures: Fixture[] = [
  {
    name: 'TypeScript in a page',
    plant: { [saga]: replaced('A claim is one statement.\n', 'A claim is one statement.\n\n```ts\nconst claim = 1;\n```\n') },
    expected: [{ file: saga, at: '```ts', found: 'a program in the page (```ts)' }],
  },
  {
    name: 'what is no program may stand there',
    plant: { [saga]: replaced('A claim is one statement.\n', 'A claim is one statement.\n\n```http\nGET /orders\n```\n') },
    expected: [],
  },
];
