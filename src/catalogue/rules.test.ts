import { describe, expect, test } from 'vitest';
import { crossChecks } from './rules.ts';
import type { LocatedEntry } from './rules.ts';
import { sampleGuide, samplePattern, sampleProblem } from './sample.ts';
import type { Current, Pattern } from './schema.ts';
import { describeViolation } from './violations.ts';

const sources = new Set(['first-source', 'second-source']);

function pattern(slug: string, change: Partial<Current<Pattern>> = {}): LocatedEntry {
  const data = samplePattern({ title: slug.replaceAll('-', ' '), alsoKnownAs: [], ...change });
  return { file: `content/docs/patterns/resilience/${slug}.mdx`, slug, data };
}

function problem(change: Parameters<typeof sampleProblem>[0] = {}): LocatedEntry {
  return { file: 'content/docs/problems/coffee-is-spilled.mdx', slug: 'coffee-is-spilled', data: sampleProblem(change) };
}

function said(...entries: LocatedEntry[]): string[] {
  return crossChecks(entries, sources).map(describeViolation);
}

describe('crossChecks', () => {
  test('is silent about entries that fit together', () => {
    const steady = pattern('steady-hand', { relations: [{ to: 'firm-lid', as: 'complements', why: 'A lid helps.' }] });
    expect(said(steady, pattern('firm-lid'), problem())).toEqual([]);
  });

  test('a relation to nowhere names the slugs that exist and the nearest', () => {
    const steady = pattern('steady-hand', { relations: [{ to: 'firm-lit', as: 'complements', why: 'A lid helps.' }] });
    expect(said(steady, pattern('firm-lid'))).toEqual([
      'content/docs/patterns/resilience/steady-hand.mdx: relations.0.to: found "firm-lit"; expected the slug of a pattern: one of firm-lid, steady-hand. Did you mean "firm-lid"?',
    ]);
  });

  test('a relation to itself is refused', () => {
    expect(said(pattern('steady-hand', { relations: [{ to: 'steady-hand', as: 'complements', why: 'Itself again.' }] }))[0]).toContain('another pattern, not the page itself');
  });

  test('notWhen and the candidates of a problem must lead to a pattern too', () => {
    const away = { when: 'There is a lid.', instead: 'Trust it', see: 'firm-lid' };
    expect(said(pattern('steady-hand', { notWhen: [away, away, away] }))).toHaveLength(3);
    expect(said(problem())[0]).toContain('candidates.0.pattern: found "steady-hand"');
  });

  test('a source without a file is named with the file to write', () => {
    expect(said(pattern('steady-hand', { sources: ['first-source', 'secnd-source'] }))).toEqual([
      'content/docs/patterns/resilience/steady-hand.mdx: sources.1: found "secnd-source"; expected a file content/data/sources/secnd-source.yaml. Did you mean "second-source"?',
    ]);
  });

  test('the category is the folder', () => {
    expect(said(pattern('steady-hand', { category: 'data' }))[0]).toContain('category: found "data"; expected "resilience"');
  });

  test('no symptom says the name of its pattern', () => {
    const symptoms = Array.from({ length: 8 }, () => 'We miss a Steady Hand on the tram.');
    expect(said(pattern('steady-hand', { symptoms }))).toHaveLength(8);
  });

  test('a relation is stated on one page only', () => {
    const to = (slug: string): Partial<Current<Pattern>> => ({ relations: [{ to: slug, as: 'complements', why: 'They go together.' }] });
    expect(said(pattern('steady-hand', to('firm-lid')), pattern('firm-lid', to('steady-hand')))[0])
      .toContain('a relation that is stated once; content/docs/patterns/resilience/steady-hand.mdx already does');
  });

  test('a name belongs to one pattern', () => {
    expect(said(pattern('steady-hand', { alsoKnownAs: ['Level Cup'] }), pattern('firm-lid', { alsoKnownAs: ['level cup'] }))[0])
      .toContain('alsoKnownAs.0: found "level cup"; expected a name that no other pattern has; it belongs to steady-hand');
  });

  test('a slug is used once, also across folders', () => {
    const twin = { ...pattern('steady-hand', { category: 'data', title: 'Twin' }), file: 'content/docs/patterns/data/steady-hand.mdx' };
    expect(said(pattern('steady-hand'), twin)[0]).toContain('a slug of its own; content/docs/patterns/resilience/steady-hand.mdx has it');
  });

  test('guides lead to patterns, and each has a place of its own', () => {
    const guide = (slug: string, change: Parameters<typeof sampleGuide>[0] = {}): LocatedEntry => ({ file: `content/docs/guides/${slug}.mdx`, slug, data: sampleGuide(change) });
    expect(said(pattern('steady-hand'), guide('a-ride'), guide('a-walk', { order: 2 }))).toEqual([]);
    expect(said(pattern('steady-hand'), guide('a-ride', { patterns: ['steady-hnd'] }))[0]).toContain('patterns.0: found "steady-hnd"');
    expect(said(pattern('steady-hand'), guide('a-ride'), guide('a-walk'))).toEqual(['content/docs/guides/a-walk.mdx: order: found 1; expected a place of its own; content/docs/guides/a-ride.mdx has it.']);
  });

  test('so have pages about contributing, and what they borrow exists', () => {
    const page = (slug: string, change: object = {}): LocatedEntry => ({ file: `content/docs/contribute/${slug}.mdx`, slug, data: { kind: 'contribution', title: slug, description: 'A page about contributing.', order: 1, ...change } });
    const guide: LocatedEntry = { file: 'content/docs/guides/a-ride.mdx', slug: 'a-ride', data: sampleGuide() };
    expect(said(pattern('steady-hand'), problem(), guide, page('first', { borrows: { pattern: 'steady-hand', problem: 'coffee-is-spilled' } }), page('second', { order: undefined }))).toEqual([]);
    expect(said(page('first'), page('second'))).toEqual(['content/docs/contribute/second.mdx: order: found 1; expected a place of its own; content/docs/contribute/first.mdx has it.']);
    expect(said(pattern('steady-hand'), problem(), page('first', { borrows: { pattern: 'steady-hnd', problem: 'coffee-is-spilled' } }))[0]).toMatch(/borrows\.pattern: found "steady-hnd".*Did you mean "steady-hand"\?/);
  });
});
