import { expect, test } from 'vitest';
import { loadCorpus } from './corpus.ts';
import { packIndex, slugOf, unpackStems, unpackWords } from './index-file.ts';
import { sampleIndex, samplePatterns, sampleProblems } from './sample-pages.ts';
import { synonymGroups } from './synonyms.ts';

test('the bytes do not depend on the order of the pages', () => {
  const groups = synonymGroups([['boil', 'simmer', 'bubble up'], ['biscuit', 'cookie'], ['twice', 'two times']]);
  expect(JSON.stringify(packIndex(samplePatterns.toReversed(), sampleProblems.toReversed(), groups))).toBe(JSON.stringify(sampleIndex));
});

test('packed stems come out as they went in', () => {
  const words = unpackWords(sampleIndex.words);
  const [biscuitTin] = sampleIndex.patterns;
  expect(biscuitTin?.[3]).toBe('Biscuit Tin');
  expect(unpackStems(biscuitTin?.[5] ?? '', words).sort()).toEqual(['ant', 'bend', 'biscuit', 'break', 'plate', 'walk']);
  expect(new Set(words).size).toBe(words.length);
});

test('the index travels as JSON without escapes', () => {
  expect(JSON.parse(JSON.stringify(sampleIndex))).toEqual(sampleIndex);
  expect(sampleIndex.patterns.map((pattern) => pattern[5]).join('')).not.toMatch(/["\u0000-\u001f]/);
});

test('a slug is left out where the title gives it', () => {
  expect(slugOf('Publish–Subscribe (Pub/Sub)')).toBe('publish-subscribe-pub-sub');
  expect(sampleIndex.patterns.map(([slug]) => slug)).toEqual(['', '', '']);
  const [first] = samplePatterns;
  const named = packIndex(first === undefined ? [] : [{ ...first, slug: 'lid' }], [], []);
  expect(loadCorpus(named).patterns.map(({ slug }) => slug)).toEqual(['lid']);
});

test('a problem knows its candidate patterns, each once', () => {
  expect(loadCorpus(sampleIndex).problems.map(({ slug, candidates }) => [slug, candidates])).toEqual([['breakfast-is-late', ['kettle-lid', 'tea-egg']]]);
});

test('synonyms of which no page speaks stay at home', () => {
  const index = packIndex(samplePatterns, sampleProblems, synonymGroups([['biscuit', 'cookie'], ['lion', 'tiger']]));
  expect(index.synonyms).toEqual(['biscuit|cooki']);
});
