import { describe, expect, test } from 'vitest';
import type { Force } from '../catalogue/vocabulary.ts';
import { claimId } from './claims.ts';
import type { Claim } from './claims.ts';
import { loadCorpus } from './corpus.ts';
import type { Evidence, ForceAnswer } from './evidence.ts';
import { noEvidence, pointsPerWeight } from './evidence.ts';
import { fitOf } from './fit.ts';
import { rank } from './rank.ts';
import type { Hit } from './rank.ts';
import { sampleIndex } from './sample-pages.ts';

const corpus = loadCorpus(sampleIndex);
const queue: Claim = { id: 'breakfast-is-late.abc', kind: 'symptom', text: 'We queue in front of the stove.', problem: 'breakfast-is-late', patterns: ['kettle-lid', 'tea-egg'] };
const loose: Claim = { id: 'tea-egg.abc', kind: 'condition', text: 'The leaves are loose', problem: 'breakfast-is-late', patterns: ['tea-egg'] };

describe('forces', () => {
  test('one that applies adds its weight to a pattern and takes nothing from others', () => {
    const [before, after] = [scores('steam'), scores('steam', forces({ 'tight-latency': 'applies' }))];
    expect(after.get('kettle-lid')).toBeCloseTo((before.get('kettle-lid') ?? 0) + 2 * pointsPerWeight, 10);
    expect(after.get('tea-egg')).toBe(before.get('tea-egg'));
  });

  test('one that speaks against a pattern lowers it, one that does not apply gives half of it back', () => {
    const before = scores('steam').get('kettle-lid') ?? 0;
    expect(scores('steam', forces({ 'no-broker': 'applies' })).get('kettle-lid')).toBeCloseTo(before - pointsPerWeight, 10);
    expect(scores('steam', forces({ 'no-broker': 'not' })).get('kettle-lid')).toBeCloseTo(before + pointsPerWeight / 2, 10);
  });

  test('are weights, not filters, until a reader makes one hard', () => {
    expect(slugs('steam', forces({ 'no-broker': 'applies' }))).toContain('kettle-lid');
    const ranking = rank(corpus, 'steam', forces({ 'no-broker': 'must' }));
    expect(ranking.patterns.map(({ slug }) => slug)).not.toContain('kettle-lid');
    expect(ranking.ruledOut.map(({ hit, force }) => [hit.slug, force])).toEqual([['kettle-lid', 'no-broker']]);
  });

  test('a hard one keeps what it speaks for', () => {
    expect(slugs('steam', forces({ 'tight-latency': 'must' }))).toContain('kettle-lid');
  });

  test('alone they give possible answers, never more', () => {
    const ranking = rank(corpus, '', forces({ 'tight-latency': 'applies' }));
    expect(ranking.patterns.map(({ slug }) => slug)).toEqual(['kettle-lid']);
    expect(ranking.patterns.map((hit) => fitOf(ranking, hit))).toEqual(['possible']);
  });
});

describe('sentences that a reader confirms or denies', () => {
  test('a symptom speaks for the candidates of its problem', () => {
    const ranking = rank(corpus, '', { ...noEvidence, claims: [{ claim: queue, holds: true }] });
    expect(ranking.patterns.map(({ slug }) => slug)).toEqual(expect.arrayContaining(['kettle-lid', 'tea-egg']));
    expect(ranking.problems[0]?.slug).toBe('breakfast-is-late');
  });

  test('a condition speaks for its pattern alone', () => {
    expect(slugs('', { ...noEvidence, claims: [{ claim: loose, holds: true }] })).toEqual(['tea-egg']);
  });

  test('a denied one takes half of what it would have given', () => {
    const yes = moved('tea-egg', { ...noEvidence, claims: [{ claim: loose, holds: true }] });
    const no = moved('tea-egg', { ...noEvidence, claims: [{ claim: loose, holds: false }] });
    expect(no).toBeCloseTo(-yes / 2, 10);
  });

  test('an identifier keeps to the text, not to its place', () => {
    expect(claimId('breakfast-is-late', 'We queue.')).toMatch(/^breakfast-is-late\.[0-9a-z]{3}$/);
    expect(claimId('breakfast-is-late', 'We queue.')).not.toBe(claimId('breakfast-is-late', 'We wait.'));
  });
});

describe('what is said of a score', () => {
  test('points and moves together are the score', () => {
    const evidence: Evidence = { forces: new Map([['tight-latency', 'applies'], ['no-broker', 'not']]), claims: [{ claim: queue, holds: true }, { claim: loose, holds: false }] };
    for (const hit of rank(corpus, 'wet leaves and steam', evidence).patterns) expect(sum(hit.points) + sum(hit.moves.map(({ points }) => points))).toBeCloseTo(hit.score, 10);
  });

  test('taking an answer back takes its points back', () => {
    const all = forces({ 'tight-latency': 'applies', 'no-broker': 'not' });
    for (const hit of rank(corpus, 'steam', all).patterns) {
      for (const move of hit.moves) {
        const rest = new Map([...all.forces].filter(([force]) => move.kind !== 'force' || force !== move.force));
        expect(scores('steam', { ...all, forces: rest }).get(hit.slug)).toBeCloseTo(hit.score - move.points, 10);
      }
    }
  });
});

function forces(answers: Partial<Record<Force, ForceAnswer>>): Evidence {
  return { ...noEvidence, forces: new Map(Object.entries(answers) as [Force, ForceAnswer][]) };
}

function scores(query: string, evidence = noEvidence): Map<string, number> {
  return new Map(rank(corpus, query, evidence).patterns.map(({ slug, score }) => [slug, score]));
}

function slugs(query: string, evidence = noEvidence): string[] {
  return rank(corpus, query, evidence).patterns.map(({ slug }) => slug);
}

function moved(slug: string, evidence: Evidence): number {
  const hits: readonly Hit[] = rank(corpus, 'wet leaves', evidence).patterns;
  return sum(hits.find((hit) => hit.slug === slug)?.moves.map(({ points }) => points) ?? []);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
