import { replaced } from './fixture.ts';
import type { Fixture } from './fixture.ts';

const saga = 'content/docs/patterns/data/saga.mdx';

export const fixtures: Fixture[] = [
  {
    name: 'an arrow that goes nowhere, and a message without its colon',
    plant: { [saga]: (text) => replaced('Payments-->>Orders: taken back', 'Payments-->>Orders taken back')(replaced('    orders -->|reserve| inventory[Inventory]\n', '    orders -->|reserve| -->\n')(text)) },
    expected: [
      { file: saga, at: ' -->\n    orders -->|authorise|', found: /^syntax error near .*reserve.*\(found LINK\)$/, expected: 'line 6 of the diagram in the syntax of Mermaid' },
      { file: saga, at: '\n  Network->>Payments: authorise, key o1/authorise\n  Note over Payments: refused', found: /^syntax error near .*taken back/, expected: 'line 14 of the diagram in the syntax of Mermaid' },
    ],
  },
  {
    name: 'a type that is misspelt',
    plant: { [saga]: replaced('sequenceDiagram\n', 'sequencDiagram\n') },
    expected: [{ file: saga, at: 'sequencDiagram', found: /^No diagram type detected [^:]+: sequencDiagram$/ }],
  },
  {
    name: 'a type for which the site has no style',
    plant: { [saga]: (text) => text.replace(/^sequenceDiagram\n[\s\S]*?^```/m, 'pie\n  accTitle: Orders\n  accDescr: One half is settled.\n  "Settled" : 50\n  "Open" : 50\n```') },
    expected: [{ file: saga, at: 'pie\n', found: 'a diagram of type "pie"' }],
  },
];
