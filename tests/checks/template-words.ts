import { readFileSync } from 'node:fs';
import { replaced } from './fixture.ts';
import type { Fixture } from './fixture.ts';

const saga = 'content/docs/patterns/data/saga.mdx';
const glyph = 'src/components/glyphs/saga.svg';
const stub = readFileSync(new URL('../../content/docs/patterns/_glyph.svg', import.meta.url), 'utf8');
const kept = '\n## What it costs\n\nLatency, storage, operations, team; benefits beside liabilities.\n';

export const fixtures: Fixture[] = [
  {
    name: 'a sentence of the template and its dashed frame',
    plant: { [saga]: replaced('\n## What it costs\n', kept), [glyph]: () => stub },
    expected: [
      { file: saga, at: 'Latency, storage, operations, team; benefits beside liabilities.', found: '"Latency, storage, operations, team; benefits beside liabilities.", which the template says' },
      { file: glyph, line: 1, column: 1, found: 'the dashed frame that a draft begins with' },
    ],
  },
  {
    name: 'the words of a diagram',
    plant: { [saga]: (text) => text.replace(/accDescr: .*/, 'accDescr: What a reader who cannot see the drawing has to know.') },
    expected: [{ file: saga, at: 'accDescr: What a reader who cannot see', found: '"accDescr: What a reader who cannot see the drawing has to know.", which the template says' }],
  },
  {
    name: 'a draft, which is still being written',
    plant: { [saga]: (text) => replaced('\n## What it costs\n', kept)(text).replace('status: reviewed', 'status: draft'), [glyph]: () => stub },
    expected: [],
  },
];
