import { expect, test } from 'vitest';
import { llmsText } from './llms.ts';
import { sampleAtlas, supersededAtlas } from './sample-atlas.ts';

test('llms.txt lists what can be read, as Markdown, and no page that is still to be written', () => {
  const text = llmsText(sampleAtlas);
  expect(text).toContain('## Problems\n\n- [Coffee is spilled](https://example.org/atlas/problems/coffee-is-spilled/index.md): The floor of the tram is wet after every stop.\n');
  expect(text).toContain('## Patterns: resilience\n\n- [Steady Hand](https://example.org/atlas/patterns/steady-hand/index.md): Keeps the cup level while the tram brakes.\n\n## Guides');
  expect(text).not.toMatch(/Lid|Patterns: data/);
});

test('nor one that another took the place of', () => {
  expect(llmsText(supersededAtlas)).toBe(llmsText(sampleAtlas));
});
