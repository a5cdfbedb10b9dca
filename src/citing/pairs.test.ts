import { expect, test } from 'vitest';
import { alternativesOf, pairPath, pairsOf } from './pairs.ts';

const related = (slug: string, ...relations: { to: string; as: 'alternative-to' | 'requires'; why: string }[]) => ({ slug, data: { relations } });
const patterns = [related('saga', { to: 'outbox', as: 'alternative-to', why: 'a' }, { to: 'key', as: 'requires', why: 'b' }), related('outbox', { to: 'saga', as: 'alternative-to', why: 'c' }), related('key', { to: 'outbox', as: 'alternative-to', why: 'd' })];

test('two alternatives have one address, whichever of them states it', () => {
  expect(pairsOf(patterns)).toEqual([['key', 'outbox'], ['outbox', 'saga']]);
  expect(pairPath(['saga', 'outbox'])).toBe('/compare/outbox-or-saga/');
  expect(pairPath(['outbox', 'saga'])).toBe('/compare/outbox-or-saga/');
});

test('alternatives are seen from either side', () => {
  expect(alternativesOf('outbox', patterns)).toEqual(['key', 'saga']);
  expect(alternativesOf('saga', patterns)).toEqual(['outbox']);
});
