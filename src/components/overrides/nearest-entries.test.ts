import { describe, expect, test } from 'vitest';
import { nearestEntries } from './nearest-entries.ts';

const hundred = Array.from({ length: 100 }, (_, at) => at);
const around = (current: number, all = hundred): readonly number[] => nearestEntries(all, (each) => each === current);

describe('entries of a sidebar', () => {
  test('a list that is short enough is whole', () => {
    expect(around(3, hundred.slice(0, 30))).toEqual(hundred.slice(0, 30));
    expect(around(3, [])).toEqual([]);
  });

  test('of a long one thirty, the current among them, in order', () => {
    for (const current of hundred) {
      const shown = around(current);
      expect(shown).toHaveLength(30);
      expect(shown).toContain(current);
      expect(shown).toEqual([...shown].sort((a, b) => a - b));
    }
    expect(around(50)[0]).toBe(35);
    expect(around(0)[0]).toBe(0);
    expect(around(99).at(-1)).toBe(99);
  });

  test('the beginning, where none is current', () => {
    expect(around(-1)).toEqual(hundred.slice(0, 30));
  });
});
