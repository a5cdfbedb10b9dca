import { describe, expect, test } from 'vitest';
import { plainMarkdown } from './plain-markdown.ts';

const resolver = {
  component: (name: string, attributes: Readonly<Record<string, string>>): string => (name === 'Ref' ? `[^${attributes['to']}]` : `- ${name}\n- ${JSON.stringify(attributes)}`),
  link: (url: string): string => (url.startsWith('/') ? `https://example.org${url}` : url),
};
const plain = (mdx: string): string => plainMarkdown(mdx, resolver);

describe('MDX becomes Markdown', () => {
  test('that keeps what its author wrote, line by line', () => {
    const text = 'One.\nTwo *three* `four` “five” 😀.\n\n* star\n* other\n\n| a | b |\n|--|:-:|\n| 1 | 2 |\n\n```ts title="x"\nimport { A } from \'a\';\n<Ref to="no" />\n```';
    expect(plain(text)).toBe(text);
  });

  test('ids of headings included', () => {
    expect(plain('## New words {#old-words}\n\nOne.')).toBe('## New words {#old-words}\n\nOne.');
  });

  test('without imports and comments', () => {
    expect(plain("import { Ref } from '~/components';\n\nOne.\n\n{/* not for readers */}\n\nTwo.")).toBe('One.\n\nTwo.');
  });

  test('with words where components stood, in text and by themselves', () => {
    expect(plain('Ä said so. <Ref to="a" />\n\n<Forces at="b" />\n\nEnd.')).toBe('Ä said so.[^a]\n\n- Forces\n- {"at":"b"}\n\nEnd.');
    expect(plain('- one <Ref to="a" />\n\n  <Forces />\n- two')).toBe('- one[^a]\n\n  - Forces\n  - {}\n- two');
  });

  test('with links that lead from anywhere', () => {
    expect(plain('[a *b* `c`](/d/ "e \\"f\\"") and [g](https://example.com/) and <Ref to="h" />'))
      .toBe('[a *b* `c`](https://example.org/d/ "e \\"f\\"") and [g](https://example.com/) and[^h]');
    expect(plain('[a <Ref to="b" />][c] ![d](/e.svg)\n\n[c]: /f/ "g"')).toBe('[a[^b]][c] ![d](https://example.org/e.svg)\n\n[c]: https://example.org/f/ "g"');
    expect(plain('| a |\n|---|\n| [b](/c/) |')).toBe('| a |\n|---|\n| [b](https://example.org/c/) |');
  });

  test('with asides as quotations', () => {
    expect(plain(':::caution[Mind *this*]\nOne <Ref to="a" />\n\n- [b](/c/)\n:::\n\nAfter.')).toBe('> **Mind *this***\n>\n> One[^a]\n>\n> - [b](https://example.org/c/)\n\nAfter.');
    expect(plain(':::note\nOne.\n:::')).toBe('> **Note**\n>\n> One.');
  });

  test('unless it computes something', () => {
    expect(() => plain('It is {1 + 1}.')).toThrow('{1 + 1} cannot be told in Markdown; write its value');
    expect(() => plain('<Forces at={1} />')).toThrow('<Forces> has a computed attribute');
    expect(() => plain('<Forces {...all} />')).toThrow('<Forces> has a computed attribute');
  });
});
