import { describe, expect, test } from 'vitest';
import { SynonymTable, synonymGroups } from './synonyms.ts';

describe('a table of synonyms', () => {
  const table = new SynonymTable(synonymGroups([['timeout', 'timed out', 'etimedout'], ['twice', 'two times', 'double']]));

  test('a phrase in a text becomes the name of its group, beside its words', () => {
    expect(table.terms('it timed out').map(({ stem }) => stem)).toEqual(['time', '~timeout']);
  });

  test('a phrase covers its words in the text', () => {
    const text = 'the call timed out at noon';
    const phrase = table.terms(text).find(({ stem }) => stem === '~timeout');
    expect(text.slice(phrase?.start, phrase?.end)).toBe('timed out');
  });

  test('a word means the other words of its group and its phrases, and a phrase means the words', () => {
    expect(table.others('twice').sort()).toEqual(['doubl', '~twice']);
    expect(table.others('~timeout').sort()).toEqual(['etimedout', 'timeout']);
    expect(table.others('unknown')).toEqual([]);
  });
});

describe('the file of synonyms', () => {
  test('a group of one word is refused, with its place', () => {
    expect(() => synonymGroups([['a', 'b'], ['alone']])).toThrow('synonyms.1: found ["alone"]; expected a list of at least two');
  });

  test('a phrase of two groups is refused', () => {
    expect(() => synonymGroups([['down', 'fell over'], ['slip', 'fell over']])).toThrow('synonyms.1: the phrase "fall over" stands in group 0 too');
  });

  test('what is no list is refused', () => {
    expect(() => synonymGroups({ twice: 'double' })).toThrow('expected a list of groups');
  });

  test('words that become the same stem count once', () => {
    expect(synonymGroups([['retry', 'retries', 'resend']])).toEqual([[['retri'], ['resend']]]);
  });
});
