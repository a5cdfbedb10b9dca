import { expect, test } from 'vitest';
import { foundNames, meantPattern, namedPattern } from './names.ts';
import { names } from './sample.ts';

const slugs = (typed: string): string[] => foundNames(typed, names).map(({ slug }) => slug);

test('what is typed finds a pattern by any part of any of its names, the best first', () => {
  expect(slugs('cup')).toEqual(['deep-cup', 'second-cup', 'steady-hand']);
  expect(slugs('MUG')).toEqual(['deep-cup', 'second-cup']);
  expect(slugs('hand steady')).toEqual(['steady-hand']);
  expect(slugs('coffee')).toEqual(['dry-tram']);
  expect(slugs('river')).toEqual(['slow-driver']);
  expect(slugs('teapot')).toEqual([]);
  expect(slugs('  ')).toEqual(names.map(({ slug }) => slug));
});

test('a title goes before another name that fits as well', () => {
  const two = [...names, { slug: 'mug', title: 'Mug', category: 'data' as const, hasPage: true, aliases: [] }];
  expect(foundNames('mug', two)[0]?.slug).toBe('mug');
  expect(namedPattern('mug', two)?.slug).toBe('mug');
});

test('a slip of the pen leads to what was meant, and nonsense to nothing', () => {
  expect(meantPattern('sleady-hnad', names)?.slug).toBe('steady-hand');
  expect(meantPattern('deep', names)?.slug).toBe('deep-cup');
  expect(meantPattern('qqqqqqqqqqqq', names)).toBeUndefined();
  expect(meantPattern('<>', names)).toBeUndefined();
  expect(namedPattern('', names)).toBeUndefined();
});
