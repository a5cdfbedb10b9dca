/** The ways from page to page, without a script. */
import { describe, expect, test } from 'vitest';
import { readCatalogue, withoutDrafts } from '../../src/catalogue/files.ts';
import { siblingsOf } from '../../src/catalogue/siblings.ts';
import { root } from '../architecture/repository.ts';
import { listedPages, pages, siteText } from './built-site.ts';

const { guides, problems } = withoutDrafts(readCatalogue(root));
const documentOf = (address: string): Document | undefined => pages.find((page) => page.address === address)?.document;

/** Pages in the order in which the sidebar of the first of them lists them. */
function listed(address: string): string[] {
  return [...documentOf(address)?.querySelectorAll('.sidebar ul ul a') ?? []].map((link) => link.getAttribute('href') ?? '');
}

function step(address: string, rel: 'prev' | 'next'): string | null | undefined {
  return documentOf(address)?.querySelector(`.steps a[rel="${rel}"]`)?.getAttribute('href');
}

describe('next and previous', () => {
  test.each(['patterns', 'problems'])('of %s follow the list in the sidebar and end where it ends', (kind) => {
    const addresses = listedPages.map(({ address }) => address).filter((address) => new RegExp(`^/${kind}/[^/]+/$`).test(address));
    expect(addresses.length).toBeGreaterThan(10);
    for (const address of addresses) {
      const list = listed(address);
      const at = list.indexOf(address);
      expect(at, address).toBeGreaterThanOrEqual(0);
      expect([step(address, 'prev'), step(address, 'next')], address).toEqual([list[at - 1], list[at + 1]]);
    }
  });
});

describe('a problem', () => {
  test('leads to those that share its candidates', () => {
    for (const { slug } of problems) {
      const links = [...documentOf(`/problems/${slug}/`)?.querySelectorAll('.siblings a') ?? []].map((link) => link.getAttribute('href'));
      expect(links, slug).toEqual(siblingsOf(slug, problems).map((problem) => `/problems/${problem.slug}/`));
    }
  });
});

describe('the stops of a guide', () => {
  test('are its patterns that have a page, in its order', () => {
    for (const { slug, data } of guides) {
      const { title, stops } = JSON.parse(siteText(`guides/${slug}/stops.json`)) as { title: string; stops: { path: string }[] };
      expect(title).toBe(data.title);
      expect(stops.map(({ path }) => path)).toEqual(data.patterns.map((pattern) => `/patterns/${pattern}/`).filter((path) => documentOf(path) !== undefined));
    }
  });
});

describe('a pattern page', () => {
  test('says what it assumes: what it requires, and the terms that its text leads to', () => {
    const outbox = documentOf('/patterns/transactional-outbox/');
    const assumed = [...[...outbox?.querySelectorAll('.page-title .aliases') ?? []].find((line) => line.textContent?.startsWith('Assumes '))?.querySelectorAll('a[href^="/glossary/"]') ?? []].map((link) => link.getAttribute('href'));
    const linked = [...outbox?.querySelectorAll('.sl-markdown-content a[href^="/glossary/#"]') ?? []].map((link) => link.getAttribute('href'));
    expect(linked.length).toBeGreaterThan(2);
    expect(assumed).toEqual(linked);
    expect(new Set(linked).size).toBe(linked.length);
  });

  test('leads to the glossary few times, never from a heading, code or another link', () => {
    const reading = pages.filter(({ address }) => /^\/(patterns|problems|guides)\/[^/]+\/$/.test(address));
    for (const { address, document } of reading) {
      expect(document.querySelectorAll('.sl-markdown-content a[href^="/glossary/"]').length, address).toBeLessThanOrEqual(8);
      expect(document.querySelectorAll(':is(h1, h2, h3, pre, code, svg, a, table) a[href^="/glossary/"]').length, address).toBe(0);
    }
  });

  test('kept as a version has no such links: it says what it said', () => {
    const versions = pages.filter(({ address }) => /\/\d+\.\d+\/$/.test(address));
    expect(versions.length).toBeGreaterThan(10);
    expect(versions.filter(({ document }) => document.querySelector('main a[href*="/glossary/"]:not(footer a)') !== null).map(({ address }) => address)).toEqual([]);
  });
});
