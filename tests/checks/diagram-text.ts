import type { Fixture } from './fixture.ts';

const saga = 'content/docs/patterns/data/saga.mdx';

export const fixtures: Fixture[] = [
  {
    name: 'no caption, no name, no description',
    plant: { [saga]: (text) => text.replace(/^```mermaid title="Behaviour[^\n]*\nsequenceDiagram\n  accTitle[^\n]*\n  accDescr[^\n]*\n/m, '```mermaid\nsequenceDiagram\n') },
    expected: [
      { file: saga, at: '```mermaid\nsequenceDiagram', found: 'a diagram without a caption' },
      { file: saga, at: 'sequenceDiagram', found: 'a diagram without "accTitle: …"' },
      { file: saga, at: 'sequenceDiagram', found: 'a diagram without "accDescr: …"' },
    ],
  },
];
