import { describe, expect, test } from 'vitest';
import { loadCorpus } from './corpus.ts';
import { packIndex } from './pack.ts';
import { rank } from './rank.ts';
import { samplePatterns, sampleProblems } from './sample-pages.ts';

const corpus = loadCorpus(packIndex({ patterns: samplePatterns, problems: sampleProblems, synonyms: [] }));
const [problem] = corpus.problems;
if (problem === undefined) throw new Error('the sample pages hold no problem');

describe('a question that says a title', () => {
  test('finds that problem first, and its candidates before all others', () => {
    const { patterns, problems } = rank(corpus, problem.title);
    expect(problems[0]?.slug).toBe(problem.slug);
    expect(patterns.slice(0, problem.candidates.length).map(({ slug }) => slug).sort()).toEqual([...problem.candidates].sort());
  });

  test('counts more than the same words apart from each other', () => {
    const best = (question: string): number => rank(corpus, question).problems.find(({ slug }) => slug === problem.slug)?.score ?? 0;
    const [first = '', ...rest] = problem.title.split(' ');
    expect(best(problem.title)).toBeGreaterThan(2 * Math.max(...[first, rest.at(-1) ?? ''].map(best)));
  });

  test('is not heard in a long text that only touches it', () => {
    const aside = Array.from({ length: 40 }, (_, at) => `unheard${at}word`).join(' ');
    const alone = rank(corpus, problem.title).problems[0]?.score ?? 0;
    expect(rank(corpus, `${problem.title} ${aside}`).problems[0]?.score ?? 0).toBeLessThan(alone);
  });
});
