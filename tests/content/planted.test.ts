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
  let tree: PlantedTree;
  beforeAll(() => {
    tree = new PlantedTree('build');
  });
  afterAll(() => tree.remove());

  test('nothing, when there is no mistake', () => {
    tree.pattern({}, "import { Snippet } from '~/components';\n\n<Snippet file=\"api-gateway/api-gateway.ts\" region=\"handle\" />");
    expect(tree.build()).toMatchObject({ failed: false });
  });

  test('an unknown key and a relation to nowhere, both at once', () => {
    tree.pattern({ symptons: [], relations: [{ to: 'nowhere', as: 'requires', why: 'It leads nowhere.' }] });
    tree.page('problems/coffee-is-spilled', { kind: 'problem' });
    const { failed, output } = tree.build();
    expect(failed).toBe(true);
    expect(output).toMatch(/content\/docs\/patterns\/integration\/api-gateway\.mdx: symptons: found an unknown key; expected one of .*\. Did you mean "symptoms"\?/);
    expect(output).toContain('content/docs/problems/coffee-is-spilled.mdx: title: found nothing');

    tree.pattern({ relations: [{ to: 'nowhere', as: 'requires', why: 'It leads nowhere.' }] });
    expect(tree.build().output).toContain('content/docs/patterns/integration/api-gateway.mdx: relations.0.to: found "nowhere"; expected the slug of a pattern');
  });

  test('a region that is not there', () => {
    tree = fresh(tree);
    tree.pattern({}, "import { Snippet } from '~/components';\n\n<Snippet file=\"api-gateway/api-gateway.ts\" region=\"nope\" />");
    const { failed, output } = tree.build();
    expect(failed).toBe(true);
    expect(output).toContain('region "nope" not found in src/examples/api-gateway/api-gateway.ts; it has handle');
  });

  test('a diagram that does not parse', () => {
    tree = fresh(tree);
    tree.pattern({}, broken);
    const { failed, output } = tree.build();
    expect(failed).toBe(true);
    expect(output).toMatch(/content\/docs\/patterns\/integration\/api-gateway\.mdx:\d+(:\d+)?/);
    expect(output).toMatch(/syntax error near .*nowhere/);
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

function fresh(tree: PlantedTree): PlantedTree {
  tree.remove();
  return new PlantedTree('build');
}
