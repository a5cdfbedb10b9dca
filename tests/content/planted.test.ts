/** Each mistake of a contributor has its message. What the build itself must refuse is built. */
import { JSDOM } from 'jsdom';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cutRegion } from '../../src/components/regions.ts';
import { checkDiagrams } from '../../src/diagrams/index.ts';
import { read } from '../architecture/repository.ts';
import { brokenLinks } from '../site/links.ts';
import { outlineProblems, patternOutline } from './headings.ts';
import { headingsOf } from './page-text.ts';
import { PlantedTree } from './planted-tree.ts';

const broken = `\`\`\`mermaid title="Broken"
flowchart TD
  accTitle: A broken drawing
  accDescr: It has an arrow that goes nowhere.
  a --> 
  --> b[
\`\`\``;
const untitled = `\`\`\`mermaid title="Untitled"
flowchart TD
  a[Orders] --> b[Payments]
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

describe('checks without a build name', () => {
  test('the page and line of a diagram that does not parse', async () => {
    const problems = await checkDiagrams([{ file: 'content/docs/x.mdx', text: `Text.\n\n${broken}\n` }]);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ file: 'content/docs/x.mdx' });
    expect(problems[0]?.line).toBeGreaterThanOrEqual(7);
    expect(problems[0]?.message).toMatch(/syntax error near .*nowhere/);
  });

  test('a diagram without name and description', async () => {
    const problems = await checkDiagrams([{ file: 'content/docs/x.mdx', text: `Text.\n\n${untitled}\n` }]);
    expect(problems.map(({ message }) => message).join('\n')).toMatch(/accTitle[\s\S]*accDescr/);
    expect(problems.every(({ line }) => line >= 3)).toBe(true);
  });

  test('nothing about a diagram that is right', async () => {
    const right = untitled.replace('flowchart TD\n', 'flowchart TD\n  accTitle: An order\n  accDescr: Orders asks payments.\n');
    expect(await checkDiagrams([{ file: 'content/docs/x.mdx', text: right }])).toEqual([]);
  });

  test('a region, with those that are there', () => {
    expect(() => cutRegion('api-gateway/api-gateway.ts', read('src/examples/api-gateway/api-gateway.ts'), 'nope')).toThrow(/region "nope" not found .*it has handle/);
  });

  test('a heading that was dropped', () => {
    const template = read('content/docs/patterns/_template.mdx');
    const without = headingsOf(template, 2).filter((heading) => heading !== 'When it goes wrong');
    expect(outlineProblems('content/docs/x.mdx', without, patternOutline(template))).toEqual([
      'content/docs/x.mdx: the heading "## When it goes wrong" is missing; it belongs after "## Solution"',
    ]);
  });

  test('a link to a page that is not there', () => {
    const { document } = new JSDOM('<a href="/patterns/circut-breaker/">').window;
    expect(brokenLinks([{ address: '/patterns/x/', document }], ['patterns/x/index.html'], 'https://example.org')).toEqual(['/patterns/x/: "/patterns/circut-breaker/" leads to no page']);
  });
});
