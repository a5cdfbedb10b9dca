import type { Fixture } from './fixture.ts';

const saga = 'content/docs/patterns/data/saga.mdx';
const guide = 'content/docs/guides/one-slow-service.mdx';
const longer = (words: number) => (text: string): string => text.replace('\n## Sources', `\n${'word '.repeat(words)}\n\n## Sources`);

export const fixtures: Fixture[] = [
  {
    name: 'a pattern that is too long',
    plant: { [saga]: longer(900) },
    expected: [{ file: saga, at: "\nimport { Forces", found: /^\d{4} words of prose$/, expected: '900 to 1800 on the page of a pattern' }],
  },
  {
    name: 'a guide that is too short',
    plant: { [guide]: (text) => text.replace(/^## [\s\S]*(?=^## When to stop)/m, '') },
    expected: [{ file: guide, at: '\nimport ', found: /^\d+ words of prose$/, expected: '700 to 2200 on the page of a guide' }],
  },
  { name: 'a draft, which still grows', plant: { [saga]: (text) => longer(900)(text).replace('status: reviewed', 'status: draft') }, expected: [] },
];
