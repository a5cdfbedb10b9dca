import { expect, test } from 'vitest';
import { nearWords } from './near.ts';

const known = ['custom', 'idempot', 'retri', 'timeout', 'trace', 'track', 'water'];

test('one wrong, missing, added or swapped letter is forgiven', () => {
  expect(nearest('timeuot')).toBe('timeout');
  expect(nearest('timeot')).toBe('timeout');
  expect(nearest('watter')).toBe('water');
  expect(nearest('wator')).toBe('water');
});

test('an unfinished word stands for its whole', () => {
  expect(nearest('custo')).toBe('custom');
});

test('a wrong letter that spoils the stemming is forgiven', () => {
  expect(nearest('retryng')).toBe('retri');
  expect(nearest('idempotnci')).toBe('idempot');
});

test('short words, other beginnings and other scripts are near to nothing', () => {
  expect(nearWords('wat', known)).toEqual([]);
  expect(nearWords('ximeout', known)).toEqual([]);
  expect(nearWords('重試', known)).toEqual([]);
});

test('the nearer come first, equals by alphabet, three at most', () => {
  expect(nearWords('tracc', ['traca', 'tracb', 'tracd', 'trace']).map(({ stem }) => stem)).toEqual(['traca', 'tracb', 'tracd']);
});

function nearest(word: string): string | undefined {
  return nearWords(word, known)[0]?.stem;
}
