import { describe, expect, test } from 'vitest';
import type { Claim } from './claims.ts';
import { loadCorpus } from './corpus.ts';
import { noEvidence } from './evidence.ts';
import type { Evidence } from './evidence.ts';
import { packIndex } from './pack.ts';
import { leading, questionKey, questionsFor } from './questions.ts';
import type { Proposal, Question } from './questions.ts';
import { rank } from './rank.ts';
import { sampleIndex, samplePatterns, sampleProblems } from './sample-pages.ts';

const corpus = loadCorpus(sampleIndex);
const tied = 'steam leaves';
const loose: Claim = { id: 'tea-egg.abc', kind: 'condition', text: 'The leaves are loose', problem: 'breakfast-is-late', patterns: ['tea-egg'] };
const hot: Claim = { id: 'kettle-lid.abc', kind: 'condition', text: 'The stove is hot', problem: 'breakfast-is-late', patterns: ['kettle-lid'] };
const idle: Claim = { id: 'breakfast-is-late.xyz', kind: 'condition', text: 'The cat sleeps', problem: 'breakfast-is-late', patterns: [] };

describe('the best question', () => {
  test('is the one that parts the candidates most', () => {
    expect(keys(asked(tied, noEvidence, [idle, hot]))[0]).toBe('kettle-lid.abc');
  });

  test('gains what the points of its answers imply: nothing where both candidates gain the same', () => {
    expect(keys(asked(tied, noEvidence, [idle]))).not.toContain('breakfast-is-late.xyz');
    for (const { gain } of asked(tied, noEvidence, [hot])) expect(gain).toBeGreaterThan(0);
  });

  test('says what each answer would change, and that comes true', () => {
    for (const { question, yes, no } of asked(tied, noEvidence, [hot])) {
      expect(leadingAfter(question, true)).toEqual(yes);
      expect(leadingAfter(question, false)).toEqual(no);
    }
  });
});

describe('what is not asked', () => {
  test('what is answered, or was skipped', () => {
    const answered: Evidence = { forces: new Map([['tight-latency', 'not']]), claims: [{ claim: hot, holds: false }] };
    expect(keys(asked(tied, answered, [hot]))).toEqual([]);
    expect(keys(asked(tied, noEvidence, [hot], ['kettle-lid.abc', 'tight-latency']))).toEqual([]);
  });

  test('what the reader has said', () => {
    expect(keys(asked('steam, and loose leaves', noEvidence, [loose]))).not.toContain('tea-egg.abc');
  });

  test('what changes nothing: one candidate alone', () => {
    expect(asked('biscuits', noEvidence, [hot, loose])).toEqual([]);
  });

  test('anything, when nothing is found', () => {
    expect(asked('xqzw', noEvidence, [hot])).toEqual([]);
  });
});

test('the order does not depend on the order of the sentences', () => {
  expect(keys(asked(tied, noEvidence, [hot, idle]))).toEqual(keys(asked(tied, noEvidence, [idle, hot])));
});

test('a force that speaks for one candidate and against the other is asked', () => {
  const apart = samplePatterns.map((page) => ({ ...page, data: { ...page.data, forces: { 'small-team': page.slug === 'tea-egg' ? -2 : 2 } } }));
  const parted = loadCorpus(packIndex({ patterns: apart, problems: sampleProblems, synonyms: [] }));
  expect(keys(questionsFor(parted, rank(parted, tied), noEvidence, []))).toEqual(['small-team']);
});

test('a force that speaks for all candidates alike parts none of them', () => {
  const alike = samplePatterns.map((page) => ({ ...page, data: { ...page.data, forces: { 'small-team': 2 } } }));
  const same = loadCorpus(packIndex({ patterns: alike, problems: sampleProblems, synonyms: [] }));
  expect(questionsFor(same, rank(same, tied), noEvidence, [])).toEqual([]);
});

function asked(query: string, evidence: Evidence, claims: readonly Claim[], skipped: readonly string[] = []): Proposal[] {
  return questionsFor(corpus, rank(corpus, query, evidence), evidence, claims, new Set(skipped));
}

function keys(proposals: readonly Proposal[]): string[] {
  return proposals.map(({ question }) => questionKey(question));
}

function leadingAfter(question: Question, holds: boolean): string[] {
  const evidence: Evidence = question.kind === 'force'
    ? { ...noEvidence, forces: new Map([[question.force, holds ? 'applies' : 'not']]) }
    : { ...noEvidence, claims: [{ claim: question.claim, holds }] };
  return leading(rank(corpus, tied, evidence).patterns);
}
