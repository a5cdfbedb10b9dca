import { describe, expect, test } from 'vitest';
import { combinationsOf } from './combinations.ts';
import { loadCorpus } from './corpus.ts';
import { noEvidence } from './evidence.ts';
import { missesOf, suspects } from './misses.ts';
import type { Miss } from './misses.ts';
import type { Answer } from './pages.ts';
import { rank } from './rank.ts';
import { sampleAnswer, sampleIndex } from './sample-pages.ts';

const corpus = loadCorpus(sampleIndex);
const answers = new Map<string, Answer>(['kettle-lid', 'tea-egg', 'biscuit-tin'].map((slug) => [slug, sampleAnswer(slug)]));

describe('what not to use', () => {
  test('a pattern whose not-when leads to one that is shown', () => {
    expect(misses('wet leaves with steam', ['tea-egg'])).toEqual([{ slug: 'kettle-lid', notWhen: { when: 'You want steam in the room', instead: 'Take it off.', see: 'tea-egg' } }]);
  });

  test('one that a hard force rules out, though it would be far above', () => {
    expect(misses('steam on the wet window, and leaves', ['tea-egg'], new Map([['no-broker', 'must']]))).toEqual([{ slug: 'kettle-lid', force: 'no-broker', hard: true }]);
  });

  test('nothing that is shown, and nothing far behind', () => {
    expect(suspects(rank(corpus, 'wet leaves with steam'), ['tea-egg', 'kettle-lid'])).toEqual([]);
    expect(misses('wet leaves between my teeth, two times a week, blocked sink, kitchen', ['tea-egg'])).toEqual([]);
  });

  test('nothing without a reason of its own', () => {
    expect(misses('steam and leaves', ['kettle-lid'])).toEqual([]);
  });
});

describe('combinations', () => {
  test('a pattern and what it requires, once, whichever is shown first', () => {
    const pair = { first: 'kettle-lid', second: 'tea-egg', as: 'requires', why: 'Hot water alone is no tea.' };
    expect(combinationsOf(['kettle-lid', 'tea-egg'], answers)).toEqual([pair]);
    expect(combinationsOf(['tea-egg', 'kettle-lid'], answers)).toEqual([pair]);
  });

  test('only among those that are shown', () => {
    expect(combinationsOf(['kettle-lid', 'biscuit-tin'], answers)).toEqual([]);
    expect(sampleAnswer('kettle-lid').companions.map(({ slug }) => slug)).toEqual(['tea-egg']);
  });
});

test('an answer knows when problem pages name its pattern', () => {
  expect(sampleAnswer('tea-egg').conditions).toEqual([{ problem: 'breakfast-is-late', version: '1.1', when: 'The leaves are loose' }]);
});

function misses(query: string, shown: readonly string[], forces = noEvidence.forces): Miss[] {
  return missesOf(corpus, rank(corpus, query, { ...noEvidence, forces }), shown, answers);
}
