import { expect, test } from 'vitest';
import { loadCorpus } from './corpus.ts';
import { slugOf, unpackSynonyms, unpackWords } from './index-file.ts';
import { packIndex } from './pack.ts';
import { answerOf } from './pages.ts';
import { sampleIndex, samplePatterns, sampleProblems } from './sample-pages.ts';
import { synonymGroups } from './synonyms.ts';

test('the bytes do not depend on the order of the pages', () => {
  const synonyms = synonymGroups([['boil', 'simmer', 'bubble up'], ['biscuit', 'cookie'], ['twice', 'two times']]);
  expect(JSON.stringify(packIndex({ patterns: samplePatterns.toReversed(), problems: sampleProblems.toReversed(), synonyms }))).toBe(JSON.stringify(sampleIndex));
});

test('words come out as they went in, sorted and each once', () => {
  const words = unpackWords(sampleIndex.words);
  expect(words).toEqual([...new Set(words)].sort());
  expect(words).toEqual(expect.arrayContaining(['ant', 'bend', 'biscuit', 'break', 'plate', 'walk', 'e', 'thermostat'].filter((word) => word.length > 1)));
});

test('each word leads to the pages that hold it, patterns and problems', () => {
  const { postings, patterns, problems } = loadCorpus(sampleIndex);
  const pagesOf = (stem: string): string[] => (postings.get(stem) ?? []).map(({ document }) => [...patterns, ...problems][document]?.slug ?? '');
  expect(pagesOf('ant')).toEqual(['biscuit-tin']);
  expect(pagesOf('steam')).toEqual(['kettle-lid']);
  expect(pagesOf('breakfast')).toContain('breakfast-is-late');
  expect(pagesOf('~twice')).toEqual(['tea-egg']);
});

test('the index travels as JSON without escapes', () => {
  expect(JSON.parse(JSON.stringify(sampleIndex))).toEqual(sampleIndex);
  expect(sampleIndex.levels).not.toMatch(/["\\\u0000-\u001f]/);
});

test('a slug is left out where the title gives it', () => {
  expect(slugOf('Publish–Subscribe (Pub/Sub)')).toBe('publish-subscribe-pub-sub');
  expect(sampleIndex.patterns.map(([slug]) => slug)).toEqual(['', '', '']);
  const [first] = samplePatterns;
  const named = packIndex({ patterns: first === undefined ? [] : [{ ...first, slug: 'lid' }], problems: [], synonyms: [] });
  expect(loadCorpus(named).patterns.map(({ slug }) => slug)).toEqual(['lid']);
});

test('a problem knows its candidate patterns, each once', () => {
  expect(loadCorpus(sampleIndex).problems.map(({ slug, candidates }) => [slug, candidates])).toEqual([['breakfast-is-late', ['kettle-lid', 'tea-egg']]]);
});

test('synonyms of which no page speaks stay at home', () => {
  const index = packIndex({ patterns: samplePatterns, problems: sampleProblems, synonyms: synonymGroups([['biscuit', 'cookie'], ['lion', 'tiger']]) });
  expect(unpackSynonyms(index.synonyms)).toEqual([[['biscuit'], ['cooki']]]);
});

test('an empty catalogue has an empty index', () => {
  expect(loadCorpus(packIndex({ patterns: [], problems: [], synonyms: [] }))).toMatchObject({ patterns: [], problems: [] });
});

test('a page that another took the place of is not found, and is nobody’s companion', () => {
  const gone = <Page extends { slug: string; data: object }>(pages: readonly Page[], slug: string): Page[] => pages.map((page) => (page.slug === slug ? { ...page, data: { ...page.data, status: 'superseded' } } : page));
  const index = packIndex({ patterns: gone(samplePatterns, 'tea-egg'), problems: gone(sampleProblems, 'breakfast-is-late'), synonyms: [] });
  expect([index.patterns.map(([, , , title]) => title), index.problems]).toEqual([['Biscuit Tin', 'Kettle Lid'], []]);
  const [lid] = samplePatterns;
  if (lid === undefined) throw new Error('the sample has a pattern');
  expect(answerOf(lid, samplePatterns).companions.map(({ slug }) => slug)).toEqual(['tea-egg']);
  expect(answerOf(lid, gone(samplePatterns, 'tea-egg')).companions).toEqual([]);
});
