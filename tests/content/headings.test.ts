import { describe, expect, test } from 'vitest';
import { outlineProblems } from './headings.ts';
import { fencesOf, headingsOf, proseWords, tagsOf } from './page-text.ts';

const outline = { headings: ['Problem', 'Solution', 'Try it', 'Sources'], optional: ['Try it'] };

describe('outlineProblems', () => {
  test('is silent about the fixed headings, with or without the optional ones', () => {
    expect(outlineProblems('x.mdx', ['Problem', 'Solution', 'Sources'], outline)).toEqual([]);
    expect(outlineProblems('x.mdx', ['Problem', 'Solution', 'Try it', 'Sources'], outline)).toEqual([]);
  });

  test('a dropped heading is named, and where it belongs', () => {
    expect(outlineProblems('x.mdx', ['Problem', 'Sources'], outline)).toEqual(['x.mdx: the heading "## Solution" is missing; it belongs after "## Problem"']);
  });

  test('a heading that is not fixed is named with the nearest that is', () => {
    expect(outlineProblems('x.mdx', ['Problem', 'Solutions', 'Sources'], outline)).toContain('x.mdx: found "## Solutions"; expected one of Problem, Solution, Try it, Sources. Did you mean "Solution"?');
    expect(outlineProblems('x.mdx', ['Problem', 'Solution', 'Benefits', 'Sources'], outline)[0]).toContain('Use "###" below one of them.');
  });

  test('a wrong order and a heading that stands twice are named', () => {
    expect(outlineProblems('x.mdx', ['Solution', 'Problem', 'Sources'], outline)).toEqual(['x.mdx: found "## Solution" where "## Problem" belongs; the order is Problem, Solution, Sources']);
    expect(outlineProblems('x.mdx', ['Problem', 'Solution', 'Problem', 'Sources'], outline)).toEqual(['x.mdx: the heading "## Problem" stands there twice']);
  });
});

describe('what is read of a page', () => {
  const body = `import { Ref } from '~/components';

Two words. <Ref to="a-source" at="section 2" />

## A heading

See [this page](/patterns/saga/) and \`code\`.

\`\`\`mermaid title="Caption"
flowchart TD
  accTitle: not prose
## not a heading
\`\`\`
`;

  test('headings outside code', () => {
    expect(headingsOf(body, 2)).toEqual(['A heading']);
  });

  test('components with their attributes', () => {
    expect(tagsOf(body)).toEqual([{ name: 'Ref', attributes: { to: 'a-source', at: 'section 2' } }]);
  });

  test('code with its language and caption', () => {
    expect(fencesOf(body)).toMatchObject([{ language: 'mermaid', meta: 'title="Caption"' }]);
  });

  test('words of prose, and nothing else', () => {
    expect(proseWords(body)).toBe(7);
  });
});
