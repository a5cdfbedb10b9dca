import { expect, test } from 'vitest';
import { countWords } from './count-words.ts';

// A line that moved says nothing new.
test.each([
  ['a b c', 'a b c', 0, 0],
  ['', 'a b', 2, 0],
  ['a b', '', 0, 2],
  ['the cat sat on the mat', 'the dog sat on a mat', 2, 2],
  ['first line\nsecond line\nthird line', 'second line\nthird line\nfirst line', 0, 0],
  ['don’t stop – it’s 2026', 'don’t stop, it’s 2027', 1, 1],
])('from %j to %j', (before, after, added, removed) => {
  expect(countWords(before, after)).toEqual({ added, removed });
});

test('texts too long for a table are counted without their order', () => {
  const long = (start: number): string => Array.from({ length: 6_000 }, (_, at) => `w${start + at}`).join(' ');
  expect(countWords(`begin ${long(0)} end`, `start ${long(10)} stop`)).toEqual({ added: 12, removed: 12 });
});
