import { replaced } from './fixture.ts';
import type { Fixture } from './fixture.ts';

const problem = 'content/docs/problems/a-queue-keeps-growing.mdx';
const saga = 'content/docs/patterns/data/saga.mdx';

export const fixtures: Fixture[] = [
  {
    name: 'a problem without what people report',
    plant: { [problem]: replaced('<Reports />\n\n', '') },
    expected: [{ file: problem, at: '## What you see', found: 'no <Reports />', expected: '<Reports /> at the end of "## What you see"' }],
    mended: { [problem]: (text) => text },
  },
  {
    name: 'a pattern without when to use it',
    plant: { [saga]: replaced('<UseWhen />\n\n', '') },
    expected: [{ file: saga, at: '## Problem', found: 'no <UseWhen />', expected: '<UseWhen /> at the end of the lead' }],
    mended: { [saga]: (text) => text },
  },
];
