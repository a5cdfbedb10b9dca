// @vitest-environment node
import { describe, expect, test } from 'vitest';
import { fenceOption, findFences } from './fences.ts';

describe('findFences', () => {
  test('finds line, meta and source', () => {
    const text = 'a\n\n```mermaid title="A caption"\nflowchart TD\n  A --> B\n```\n';
    expect(findFences(text)).toEqual([{ line: 3, indent: 0, meta: 'title="A caption"', source: 'flowchart TD\n  A --> B' }]);
  });

  test('takes the indent of a list item off the source', () => {
    expect(findFences('- x\n\n  ~~~mermaid\n  flowchart TD\n    A\n  ~~~\n')[0]).toMatchObject({ indent: 2, source: 'flowchart TD\n  A' });
  });

  test('leaves other languages and fences within fences alone', () => {
    expect(findFences('```ts\nx\n```\n````md\n```mermaid\nA\n```\n````\n')).toEqual([]);
  });

  test('a fence that is never closed reaches to the end', () => {
    expect(findFences('```mermaid\nA\nB')[0]?.source).toBe('A\nB');
  });
});

describe('fenceOption', () => {
  test('reads quoted and bare values', () => {
    expect(fenceOption('title="A \'b\' c" wide=yes', 'title')).toBe("A 'b' c");
    expect(fenceOption("title='A'", 'title')).toBe('A');
    expect(fenceOption('title="" wide=yes', 'wide')).toBe('yes');
  });

  test('knows no value that is not there', () => {
    expect(fenceOption('subtitle="x"', 'title')).toBeUndefined();
    expect(fenceOption(null, 'title')).toBeUndefined();
  });
});
