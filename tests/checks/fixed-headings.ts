import { replaced } from './fixture.ts';
import type { Fixture } from './fixture.ts';

const saga = 'content/docs/patterns/data/saga.mdx';
const problem = 'content/docs/problems/a-queue-keeps-growing.mdx';
const guide = 'content/docs/guides/one-slow-service.mdx';

export const fixtures: Fixture[] = [
  {
    name: 'a heading that is missing',
    plant: { [saga]: replaced('## When it goes wrong\n', '') },
    expected: [{ file: saga, at: '## Try it', found: 'no heading "## When it goes wrong"', expected: 'one behind "## Solution"' }],
  },
  {
    name: 'a heading in other words',
    plant: { [saga]: replaced('## What it costs', '## What it cost') },
    expected: [{ file: saga, at: '## What it cost\n', found: '"## What it cost"', expected: '"## What it costs"', nearest: 'What it costs' }],
    mended: { [saga]: (text) => text },
  },
  {
    name: 'a heading of its own, and one that stands twice',
    plant: { [saga]: replaced('## Variants', '## Benefits of it all\n\n## Code\n\n## Variants') },
    expected: [
      { file: saga, at: '## Benefits of it all', found: '"## Benefits of it all"', mend: 'use "###" below one of them' },
      { file: saga, at: '## Code\n\n## Variants', found: '"## Code" a second time' },
    ],
  },
  {
    name: 'a heading in another place: only the one that has to move',
    plant: { [saga]: (text) => text.replace('## Forces\n', '').replace('## In practice', '## Forces\n\n## In practice') },
    expected: [{ file: saga, at: '## Forces', found: '"## Forces" in another place', expected: '"## Forces" behind "## Problem"' }],
  },
  {
    name: 'also where the frontmatter cannot be read',
    plant: { [problem]: (text) => text.replace('kind: problem', 'kind: [problem').replace('## What you see', '## What you sea') },
    expected: [{ file: problem, at: '## What you sea', found: '"## What you sea"', nearest: 'What you see' }],
    mended: { [problem]: replaced('kind: problem', 'kind: [problem') },
  },
  {
    name: 'a guide that does not say where to stop',
    plant: { [guide]: replaced('## When to stop', '## And then') },
    expected: [{ file: guide, at: '## And then', found: '"## And then" and "## Sources"', expected: '"## When to stop" and "## Sources" at the end of a guide' }],
  },
];
