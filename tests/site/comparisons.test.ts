/** Each pair of alternatives, and each set that is weighed as a whole, has its page: complete, found from its patterns, and kept for ever. */
import { describe, expect, test } from 'vitest';
import { readLedger } from '../../scripts/ledger.ts';
import { readComparisons } from '../../src/catalogue/comparisons.ts';
import { readCatalogue, withoutDrafts } from '../../src/catalogue/files.ts';
import { forces, isPublished } from '../../src/catalogue/vocabulary.ts';
import type { Force } from '../../src/catalogue/vocabulary.ts';
import { pairPath, pairsOf } from '../../src/citing/pairs.ts';
import { root } from '../architecture/repository.ts';
import { pageAt, pages, siteFiles, siteText, textOf } from './built-site.ts';

const { patterns, problems } = withoutDrafts(readCatalogue(root));
const pairs = pairsOf(patterns);
const sets = readComparisons(root);
const compared: (readonly string[])[] = [...pairs, ...sets.map(({ of }) => of)];
const dataOf = (slug: string) => patterns.find((pattern) => pattern.slug === slug)?.data;
const written = (slug: string): boolean => isPublished(dataOf(slug) ?? { status: 'none' });
const plain = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();

describe('what is set side by side', () => {
  test('has a page with the title that people ask for, and nothing else has one', () => {
    expect(pairs.length).toBeGreaterThan(10);
    expect(sets.length).toBeGreaterThan(5);
    const built = pages.map(({ address }) => address).filter((address) => /^\/compare\/.+/.test(address)).sort();
    expect(built).toEqual(compared.map((slugs) => pairPath(slugs)).sort());
    for (const slugs of compared) {
      expect(textOf(pageAt(pairPath(slugs)).document.querySelector('h1'))).toBe(sets.find(({ of }) => of === slugs)?.title ?? `${slugs.map((slug) => dataOf(slug)?.title).join(' or ')}: which one?`);
    }
  });

  test('is told without a script: when to use each and when not, forces, trade-offs and what they say of each other', () => {
    for (const pair of compared) {
      const main = textOf(pageAt(pairPath(pair)).document.querySelector('main'));
      const wanted = pair.flatMap((slug) => {
        const data = dataOf(slug);
        return data === undefined ? [slug] : [data.description, ...data.useWhen, ...data.notWhen.flatMap(({ when, instead }) => [when, instead]), ...Object.keys(data.forces).map((force) => forces[force as Force]), ...Object.values(data.tradeOffs).map(({ why }) => why)];
      });
      expect(wanted.filter((text) => !main.includes(plain(text))), pairPath(pair)).toEqual([]);
    }
  });

  test('is linked with each pattern that has a page, a pair both ways, and never with one that has none', () => {
    for (const pair of compared) {
      const { document } = pageAt(pairPath(pair));
      for (const slug of pair) {
        const there = document.querySelector(`.comparison thead a[href="/patterns/${slug}/"]`);
        expect(there !== null, `${pairPath(pair)} and ${slug}`).toBe(written(slug));
        if (pair.length === 2 && written(slug)) expect(pageAt(`/patterns/${slug}/`).document.querySelector(`.related a[href="${pairPath(pair)}"]`), slug).not.toBeNull();
      }
      expect(pageAt('/compare/').document.querySelector(`.pairs a[href="${pairPath(pair)}"]`), pairPath(pair)).not.toBeNull();
    }
  });

  test('has Markdown, a decision record and a picture beside it, all in the ledger', () => {
    const ledger = new Set(readLedger(root));
    for (const pair of compared) {
      const files = ['', 'index.md', 'decision.md', 'preview.png'].map((file) => `${pairPath(pair)}${file}`);
      expect(files.filter((file) => !ledger.has(file))).toEqual([]);
      expect(files.slice(1).filter((file) => !siteFiles.includes(file.slice(1)))).toEqual([]);
      expect(pageAt(pairPath(pair)).document.querySelector('meta[property="og:image"]')?.getAttribute('content')).toBe(`https://pattern-atlas.github.io${pairPath(pair)}preview.png`);
      expect(siteText('llms.txt')).toContain(`https://pattern-atlas.github.io${pairPath(pair)}index.md`);
    }
  });
});

test('a set begins with what was written of it, on its page and in its Markdown, and the pages of its pairs lead to it', () => {
  for (const { of, deciding } of sets) {
    const path = pairPath(of);
    expect(textOf(pageAt(path).document.querySelector('.deciding'))).toBe(plain(deciding));
    expect(siteText(`${path.slice(1)}index.md`)).toContain(plain(deciding));
    for (const pair of pairs.filter((slugs) => slugs.every((slug) => of.includes(slug)))) expect(pageAt(pairPath(pair)).document.querySelector(`.take-along a[href="${path}"]`), pairPath(pair)).not.toBeNull();
  }
});

test('a pattern page leads to a comparison of its own', () => {
  for (const { slug } of patterns.filter((pattern) => written(pattern.slug))) {
    expect(pageAt(`/patterns/${slug}/`).document.querySelector(`main a[href="/compare/?of=${slug}"]`), slug).not.toBeNull();
  }
});

test('a page of a problem draws its candidates on the axes where two of them are written, and says the same in its Markdown', () => {
  const drawn = problems.filter(({ data }) => new Set(data.candidates.flatMap(({ pattern }) => (pattern !== undefined && written(pattern) ? [pattern] : []))).size > 1);
  expect(drawn.length).toBeGreaterThan(5);
  for (const { slug, data } of problems) {
    const { document } = pageAt(`/problems/${slug}/`);
    expect(document.querySelector('.axes') !== null, slug).toBe(drawn.some((problem) => problem.slug === slug));
    if (document.querySelector('.axes') === null) continue;
    const reasons = data.candidates.flatMap(({ pattern }) => Object.values(dataOf(pattern ?? '')?.tradeOffs ?? {}).map(({ why }) => why));
    const table = textOf(document.querySelector('.axes-table'));
    expect(reasons.filter((why) => !table.includes(plain(why))), slug).toEqual([]);
    expect(siteText(`problems/${slug}/index.md`), slug).toContain('What changes with each, from −− (much worse) to ++ (much better):');
  }
});
