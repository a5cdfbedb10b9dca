import { expect, test } from 'vitest';
import { loadCorpus } from './corpus.ts';
import { kinTable, withKin } from './kin.ts';
import { packIndex } from './pack.ts';
import { rank } from './rank.ts';
import { samplePatterns, sampleProblems } from './sample-pages.ts';

test('a line is a stem and its kin', () => {
  expect(kinTable('# from somewhere\nsteam vapour 71 smoke 20\n')).toEqual(new Map([['steam', [{ stem: 'vapour', likeness: 0.71 }, { stem: 'smoke', likeness: 0.2 }]]]));
});

test('a word borrows where its kin stands, and never more than eight sentences', () => {
  const rows = withKin(new Map([['vapour', [0, 1]], ['steam', [30, 0]], ['lion', [0, 4]]]), kinTable('vapour steam 100\nlion tiger 90'));
  expect(rows.get('vapour')).toEqual([8, 1]);
  expect(rows.get('steam')).toEqual([30, 0]);
  expect(rows.get('lion')).toEqual([0, 4]);
});

test('with little to go by it borrows little, and a common word does not drown the rarer kin', () => {
  expect(withKin(new Map([['vapour', [0, 0]], ['steam', [5, 0]]]), kinTable('vapour steam 100')).get('vapour')).toEqual([4, 0]);
  expect(withKin(new Map([['vapour', [0, 0]], ['steam', [600, 0]], ['mist', [0, 60]]]), kinTable('vapour steam 100 mist 100')).get('vapour')).toEqual([4, 4]);
});

test('a word that two pages hold alike leans to the page where its kin stands', () => {
  const questions = new Map([['kettle-lid', ['sooty pan', 'sooty hob', ...Array.from({ length: 12 }, () => 'grimy')]], ['tea-egg', ['sooty chain', 'sooty ring']]]);
  const points = (kin: string): number[] => {
    const { patterns } = rank(loadCorpus(packIndex({ patterns: samplePatterns, problems: sampleProblems, synonyms: [], questions, kin: kinTable(kin) })), 'sooty');
    return ['kettle-lid', 'tea-egg'].map((slug) => patterns.find((hit) => hit.slug === slug)?.score ?? 0);
  };
  const [lid = 0, egg = 0] = points('');
  const [kinLid = 0, kinEgg = 0] = points('sooti grimi 100');
  expect(kinLid - kinEgg).toBeGreaterThan(lid - egg);
});
