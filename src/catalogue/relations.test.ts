import { describe, expect, test } from 'vitest';
import { relationsOf } from './relations.ts';

describe('relationsOf', () => {
  const patterns = [
    { slug: 'retry', relations: [{ to: 'key', as: 'requires' as const, why: 'A retry repeats.' }] },
    { slug: 'key', relations: [{ to: 'outbox', as: 'complements' as const, why: 'Both ends.' }] },
    { slug: 'outbox', relations: [] },
  ];

  test('a relation is stated once and seen from both sides', () => {
    expect(relationsOf('retry', patterns)).toEqual([{ slug: 'key', as: 'requires', inverse: false, why: 'A retry repeats.' }]);
    expect(relationsOf('outbox', patterns)).toEqual([{ slug: 'key', as: 'complements', inverse: true, why: 'Both ends.' }]);
  });

  test('its own come before those that others state', () => {
    expect(relationsOf('key', patterns).map(({ slug, inverse }) => [slug, inverse])).toEqual([['outbox', false], ['retry', true]]);
  });

  test('a pattern nobody knows has none', () => {
    expect(relationsOf('saga', patterns)).toEqual([]);
  });
});
