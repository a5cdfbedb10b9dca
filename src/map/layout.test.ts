import { describe, expect, test } from 'vitest';
import type { Chart, ChartedPattern } from './charted.ts';
import { layOut } from './layout.ts';

const pattern = (slug: string, category: ChartedPattern['category'], title = slug): ChartedPattern => ({ slug, title, category });
const few: Chart = {
  patterns: [pattern('a', 'data'), pattern('b', 'data'), pattern('c', 'decomposition'), pattern('d', 'integration'), pattern('e', 'resilience')],
  relations: [{ from: 'a', to: 'd', as: 'requires' }, { from: 'c', to: 'b', as: 'complements' }, { from: 'e', to: 'd', as: 'refines' }],
};

describe('the wide shape', () => {
  test('has categories in the order of the catalogue, from left to right and down', () => {
    expect(layOut(few, 'wide').regions.map(({ category, x, y }) => [category, x === 0, y === 0])).toEqual([
      ['decomposition', true, true], ['data', true, false], ['integration', false, true], ['resilience', false, false],
    ]);
  });

  test('ends both columns at the same height', () => {
    const { regions, height } = layOut({ ...few, patterns: [...few.patterns, ...['f', 'g', 'h'].map((slug) => pattern(slug, 'data'))] }, 'wide');
    for (const category of ['data', 'resilience']) {
      const last = regions.find((region) => region.category === category);
      expect((last?.y ?? 0) + (last?.height ?? 0), category).toBeCloseTo(height, 0);
    }
  });

  test('is as wide as it is, however long a name', () => {
    const { plates, width } = layOut({ ...few, patterns: [...few.patterns, pattern('long', 'integration', 'Decompose by Business Capability and More')] }, 'wide');
    expect(Math.max(...plates.map((plate) => plate.x + plate.width))).toBeLessThanOrEqual(width);
  });
});

test('the narrow shape is one column', () => {
  expect(new Set(layOut(few, 'narrow').regions.map(({ x }) => x))).toEqual(new Set([0]));
});

test('patterns of a category stand so that lines are short', () => {
  const { plates } = layOut({ patterns: [pattern('a', 'data'), pattern('b', 'data'), pattern('y', 'integration'), pattern('z', 'integration')], relations: [{ from: 'a', to: 'z', as: 'requires' }, { from: 'b', to: 'y', as: 'requires' }] }, 'wide');
  const rows = ['data', 'integration'].map((category) => plates.filter((plate) => plate.pattern.category === category).sort((a, b) => a.y - b.y).map((plate) => plate.pattern.slug).join(''));
  expect([['ab', 'zy'], ['ba', 'yz']]).toContainEqual(rows);
});

test('a line leaves a plate on the side where lines are, and arrives at one', () => {
  const { plates, lines } = layOut(few, 'wide');
  for (const { relation, start, end } of lines) {
    for (const [slug, point] of [[relation.from, start], [relation.to, end]] as const) {
      const plate = plates.find((each) => each.pattern.slug === slug);
      expect(point.x).toBe(plate?.side === 'left' ? plate.x + plate.width : plate?.x);
      expect(point.y).toBeGreaterThan(plate?.y ?? Infinity);
      expect(point.y).toBeLessThan((plate?.y ?? 0) + (plate?.height ?? 0));
    }
  }
});

test('a relation to what is not on the map is not drawn, and nothing gives an empty map', () => {
  expect(layOut({ ...few, relations: [{ from: 'a', to: 'elsewhere', as: 'requires' }] }, 'wide').lines).toEqual([]);
  expect(layOut({ patterns: [], relations: [] }, 'wide')).toMatchObject({ plates: [], lines: [], height: 0 });
});
