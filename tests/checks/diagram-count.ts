import type { Fixture } from './fixture.ts';

const saga = 'content/docs/patterns/data/saga.mdx';
const asText = (text: string): string => text.replace('```mermaid', '```text');

export const fixtures: Fixture[] = [
  { name: 'one diagram', plant: { [saga]: asText }, expected: [{ file: saga, at: '## Solution', found: 'one diagram' }] },
  { name: 'none', plant: { [saga]: (text) => asText(asText(text)) }, expected: [{ file: saga, at: '## Solution', found: 'no diagram' }] },
  { name: 'a draft, which is still to be drawn', plant: { [saga]: (text) => asText(text).replace('status: reviewed', 'status: draft') }, expected: [] },
];
