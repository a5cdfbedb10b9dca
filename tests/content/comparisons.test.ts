/** Comparisons of the catalogue as it is: what a browser makes of small files is what assistants get from all of it. */
import { describe, expect, test } from 'vitest';
import { readComparisons } from '../../src/catalogue/comparisons.ts';
import { readCatalogue, withoutDrafts } from '../../src/catalogue/files.ts';
import { comparisonFinding } from '../../src/citing/comparison-finding.ts';
import { comparisonMarkdown } from '../../src/citing/comparison-markdown.ts';
import { decisionRecord } from '../../src/citing/decision-record.ts';
import { pairsOf } from '../../src/citing/pairs.ts';
import { pageWords } from '../../src/citing/page-words.ts';
import { factsOf } from '../../src/comparing/compared.ts';
import type { Compared } from '../../src/comparing/compared.ts';
import { decidingOf } from '../../src/comparing/deciding.ts';
import { gather } from '../../src/comparing/gather.ts';
import { patternsNamed } from '../../src/comparing/page-parts.ts';
import { root } from '../architecture/repository.ts';

const home = 'https://example.org/atlas/';
const { patterns: unsorted, problems: unsortedProblems, sources } = withoutDrafts(readCatalogue(root));
const byTitle = <Entry extends { data: { title: string } }>(entries: readonly Entry[]): Entry[] => [...entries].sort((a, b) => a.data.title.localeCompare(b.data.title, 'en'));
const [patterns, problems] = [byTitle(unsorted), byTitle(unsortedProblems)];
const facts = { patterns: patterns.map((page) => ({ ...page, words: pageWords(page.body) })), problems, home };
/** As they are fetched. */
const served = JSON.parse(JSON.stringify(gather(patterns, problems, sources))) as Compared[];
const take = (slugs: readonly string[]): Compared[] => slugs.flatMap((slug) => served.filter((each) => each.slug === slug));

const pairs = pairsOf(patterns);
const sets = readComparisons(root).map(({ of }) => of);
const larger = patterns.map(({ slug }, at) => [slug, ...[7, 19, 31].slice(0, 1 + at % 3).map((step) => patterns[(at + step) % patterns.length]?.slug ?? '')]);

describe('a comparison', () => {
  test('there are pairs of alternatives, and larger comparisons of every pattern', () => {
    expect(pairs.length).toBeGreaterThan(10);
    expect(new Set(larger.map((slugs) => slugs.length))).toEqual(new Set([2, 3, 4]));
  });

  test.each([...pairs, ...sets, ...larger])('%s, %s, …: Markdown and decision record are the same from the files of its patterns as from the whole catalogue', (...slugs) => {
    const chosen = factsOf(take(slugs), home);
    expect(comparisonMarkdown(chosen, slugs)).toBe(comparisonMarkdown(facts, slugs));
    expect(decisionRecord(comparisonFinding(chosen, slugs))).toBe(decisionRecord(comparisonFinding(facts, slugs)));
  });

  test('of two alternatives begins with a sentence of the catalogue that names both', () => {
    for (const pair of pairs) {
      const compared = take(pair);
      const { first } = decidingOf(compared);
      expect(compared.filter(({ data }) => !first.includes(data.title)).map(({ slug }) => slug), first).toEqual([]);
      expect(first).not.toContain('different problems');
    }
  });

  test('a file of a pattern is small enough to fetch four at once', () => {
    expect(served.filter((each) => JSON.stringify(each).length > 16_000).map(({ slug }) => slug)).toEqual([]);
  });
});

test('"Compared with …" of a pattern that has that name is found', () => {
  const headings = patterns.flatMap(({ slug, body }) => [...body.matchAll(/^### Compared with (.+)$/gm)].map(([, name = '']) => ({ slug, name })));
  expect(headings.length).toBeGreaterThan(20);
  const exact = headings.filter(({ slug, name }) => patterns.some((other) => other.slug !== slug && other.data.title.toLowerCase() === name.toLowerCase().replace(/^(an?|the) /, '')));
  expect(exact.length).toBeGreaterThan(10);
  expect(exact.filter(({ slug, name }) => !served.find((each) => each.slug === slug)?.says.some(({ about }) => patternsNamed(name, patterns).includes(about)))).toEqual([]);
});
