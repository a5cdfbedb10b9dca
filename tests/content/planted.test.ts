/** Each mistake of a contributor has its message. What the build itself must refuse is built. */
import { JSDOM } from 'jsdom';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { brokenLinks } from '../site/links.ts';
import { PlantedTree } from './planted-tree.ts';

const broken = `\`\`\`mermaid title="Broken"
flowchart TD
  accTitle: A broken drawing
  accDescr: It has an arrow that goes nowhere.
  a --> 
  --> b[
\`\`\``;

describe('the build refuses', () => {
  const gateway = 'content/docs/patterns/integration/api-gateway.mdx';
  const fig = 'content/docs/patterns/decomposition/strangler-fig.mdx';
  let tree: PlantedTree;
  beforeAll(() => {
    tree = new PlantedTree();
  });
  afterAll(() => tree.remove());

  test('an unknown key and a relation to nowhere, both at once', () => {
    const { failed, output } = tree.buildWith({
      [gateway]: (text) => text.replace('\nsymptoms:\n', '\nsymptons: []\nsymptoms:\n'),
      [fig]: (text) => text.replace('\nrelations:\n', '\nrelations:\n  - { to: api-gatway, as: requires, why: It leads nowhere. }\n'),
    });
    expect(failed).toBe(true);
    expect(output).toMatch(/api-gateway\.mdx: symptons: found an unknown key; expected one of .*\. Did you mean "symptoms"\?/);
    expect(output).toMatch(/strangler-fig\.mdx: relations\.0\.to: found "api-gatway"; expected the slug of a pattern: one of .*\. Did you mean "api-gateway"\?/);
  });

  test('a region that is not there', () => {
    const { failed, output } = tree.buildWith({ [gateway]: (text) => text.replace('region="handle"', 'region="nope"') });
    expect(failed).toBe(true);
    expect(output).toContain('region "nope" not found in src/examples/api-gateway/api-gateway.ts; it has handle');
  });

  test('a diagram that does not parse', () => {
    const { failed, output } = tree.buildWith({ [gateway]: (text) => text.replace('## When it goes wrong\n', `${broken}\n\n## When it goes wrong\n`) });
    expect(failed).toBe(true);
    expect(output).toMatch(/content\/docs\/patterns\/integration\/api-gateway\.mdx:\d+:\d+: syntax error near .*nowhere/);
  });
});

describe('checks of the built site name', () => {
  test('a link to a page that is not there', () => {
    const { document } = new JSDOM('<a href="/patterns/circut-breaker/">').window;
    expect(brokenLinks([{ address: '/patterns/x/', document }], ['patterns/x/index.html'], 'https://example.org')).toEqual(['/patterns/x/: "/patterns/circut-breaker/" leads to no page']);
  });
});
