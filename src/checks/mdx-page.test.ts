import { describe, expect, test } from 'vitest';
import type { SourcePage } from './content-tree.ts';
import { codeOf, componentsOf, headingsOf, mdxOf } from './mdx-page.ts';
import { proseWords } from './prose-words.ts';

const front = '---\nkind: plain\n---\n';

function page(body: string): SourcePage {
  return { file: 'x.mdx', slug: 'x', kind: 'house', text: front + body, bodyStart: front.length, body, status: undefined, data: undefined };
}

const whole = page(`
import { Ref } from '~/components';

Two words. <Ref to="a-source" at='section 2' />

## A \`small\` heading {#its-id}

See [this page](/patterns/saga/) and \`code\`.

\`\`\`mermaid title="Caption"
flowchart TD
  accTitle: not prose
## not a heading
\`\`\`
`);

describe('what is read of a page', () => {
  test('headings outside code, by their words', () => {
    expect(headingsOf(whole, 2).map(({ text }) => text)).toEqual(['A small heading']);
  });

  test('components with their attributes, and where these stand in the file', () => {
    const [ref] = componentsOf(whole);
    expect(ref).toMatchObject({ name: 'Ref', attributes: { to: 'a-source', at: 'section 2' } });
    expect(['to', 'at', 'none'].map((name) => whole.text.slice(...Object.values(ref!.at(name)) as [number, number]))).toEqual(['a-source', 'section 2', '']);
  });

  test('code with its language and caption, and where it begins', () => {
    const [block] = codeOf(whole);
    expect(block).toMatchObject({ language: 'mermaid', meta: 'title="Caption"', indent: 0 });
    expect(whole.text.slice(block?.codeStart).startsWith('flowchart TD')).toBe(true);
  });

  test('words of prose, and nothing else', () => {
    expect(proseWords(whole)).toBe(7);
  });
});

describe('a page whose MDX is broken', () => {
  test('has all its mistakes, and all that is not one of them', () => {
    const broken = page('\n## One\n\nLess <3 and {more.\n\n## Two\n\n</b>\n\n<Ref to="x">\n\n## Three\n');
    expect(headingsOf(broken, 2).map(({ text }) => text)).toEqual(['One', 'Two', 'Three']);
    expect(mdxOf(broken).faults.map(({ message }) => message.slice(0, 12))).toHaveLength(4);
  });

  test('ends, whatever stands in it', () => {
    expect(mdxOf(page(`\n${'{ '.repeat(200)}\n`)).faults.length).toBeGreaterThan(0);
  });
});
