import { expect, test } from 'vitest';
import type { PatternPage } from '../catalogue/entries.ts';
import { samplePattern, superseded } from '../catalogue/sample.ts';
import { neighbourDrawings } from './neighbour-drawings.ts';

const page = (slug: string, data: PatternPage['data']): PatternPage => ({ slug, address: `/patterns/${slug}/`, data, entry: {} as PatternPage['entry'] });
const pages = [
  page('hand', samplePattern({ title: 'Hand', relations: [{ to: 'cup', as: 'requires', why: 'It holds one.' }] })),
  page('cup', samplePattern({ title: 'Cup', relations: [{ to: 'old-cup', as: 'refines', why: 'It has a handle.' }] })),
  page('old-cup', superseded(samplePattern({ title: 'Old cup' }), 'cup')),
];
const around = (slug: string): string | undefined => neighbourDrawings(slug, pages, (other) => `/patterns/${other}/`)?.wide.svg;

test('what was superseded stands on its own map, and on no other', () => {
  expect(around('cup')).toContain('/patterns/hand/');
  expect(around('cup')).not.toContain('/patterns/old-cup/');
  expect(around('old-cup')).toContain('/patterns/cup/');
});

test('a page that nobody has reviewed has none', () => {
  expect(around('draft')).toBeUndefined();
});
