import { expect, test } from 'vitest';
import { siblingsOf } from './siblings.ts';

const problem = (slug: string, ...patterns: (string | undefined)[]) => ({ slug, data: { title: slug, candidates: patterns.map((pattern) => ({ pattern })) } });

test('problems that share candidates are siblings, those first that share most', () => {
  const all = [problem('d', 'lid'), problem('a', 'lid', 'hand', undefined), problem('c', 'hand', 'lid'), problem('b', 'lid', 'lid'), problem('e', 'cup', undefined)];
  expect(siblingsOf('a', all).map(({ slug }) => slug)).toEqual(['c', 'b', 'd']);
  expect(siblingsOf('a', all, 1).map(({ slug }) => slug)).toEqual(['c']);
  expect(siblingsOf('e', all)).toEqual([]);
});
