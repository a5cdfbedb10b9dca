/** What other programs make of a page's head, by the rules that each of them follows. */
import { readFileSync } from 'node:fs';
import { JSDOM } from 'jsdom';
import { describe, expect, test } from 'vitest';
import { readCatalogue, withoutDrafts } from '../../src/catalogue/files.ts';
import { isCurrent, isPublished } from '../../src/catalogue/vocabulary.ts';
import { root } from '../architecture/repository.ts';
import { pages, siteDir, siteFiles } from './built-site.ts';
import { zoteroItem } from './zotero-item.ts';

const origin = 'https://pattern-atlas.github.io';
const { patterns, problems, guides } = withoutDrafts(readCatalogue(root));
const cited = [
  ...patterns.filter(({ data }) => isPublished(data)).map(({ slug, data }) => ({ address: `/patterns/${slug}/`, data })),
  ...problems.map(({ slug, data }) => ({ address: `/problems/${slug}/`, data })),
  ...guides.map(({ slug, data }) => ({ address: `/guides/${slug}/`, data })),
].map(({ address, data }) => ({ address, data, version: data.changes[0]?.version, date: data.changes[0]?.date, document: documentAt(address) }));
/** Each has an address of its own that search engines may keep: neither the page for what is missing nor a version. */
const found = pages.filter(({ document }) => canonicalOf(document) !== null && document.querySelector('meta[name="robots"]') === null);

describe('Zotero', () => {
  test('saves every page as a web page', () => {
    expect(found.map(({ address, document }) => [address, zoteroItem(document).itemType]).filter(([, type]) => type !== 'webpage')).toEqual([]);
  });

  test('takes title, site, author, day, language, licence, address and abstract of a page that has versions', () => {
    for (const { address, data, date, document } of cited) {
      expect(zoteroItem(document), address).toEqual({
        itemType: 'webpage', title: data.title, publicationTitle: 'Pattern Atlas', creators: [{ lastName: 'The Pattern Atlas authors' }],
        date, language: 'en-GB', rights: 'CC BY 4.0', url: `${origin}${address}`, abstractNote: data.description,
      });
    }
  });

  test('would take a page with a scholarly title for an article, were its kind not pinned', () => {
    const item = (head: string): string => zoteroItem(new JSDOM(`<head><meta property="og:title" content="x"><meta name="citation_title" content="x">${head}`).window.document).itemType;
    expect(item('')).toBe('journalArticle');
    expect(item('<meta name="z:itemType" content="webpage">')).toBe('webpage');
  });
});

describe('chats', () => {
  test('find title, kind, address and description of every page, each once and each its own', () => {
    const wrong = found.flatMap(({ address, document }) => ['og:title', 'og:type', 'og:url', 'og:description', 'og:site_name']
      .filter((property) => document.querySelectorAll(`meta[property="${property}"][content]:not([content=""])`).length !== 1).map((property) => `${address}: ${property}`));
    expect(wrong).toEqual([]);
    expect(found.filter(({ document }) => contentOf(document, 'og:url') !== canonicalOf(document)).map(({ address }) => address)).toEqual([]);
    expect(found.filter(({ document }) => contentOf(document, 'og:description') !== contentOf(document, 'description')).map(({ address }) => address)).toEqual([]);
  });

  test('find a picture of each page, at its size, in words as well', () => {
    for (const { address, document } of found) {
      const file = new URL(contentOf(document, 'og:image') ?? '').pathname.slice(1);
      expect(siteFiles, address).toContain(file);
      // A PNG begins with a signature and the block that holds its size.
      const bytes = readFileSync(`${siteDir}/${file}`);
      expect([bytes.toString('latin1', 1, 4), String(bytes.readUInt32BE(16)), String(bytes.readUInt32BE(20))], address).toEqual(['PNG', contentOf(document, 'og:image:width'), contentOf(document, 'og:image:height')]);
      expect(contentOf(document, 'og:image:alt')?.startsWith(cited.find((page) => page.address === address)?.data.title ?? ''), address).toBe(true);
      expect(contentOf(document, 'twitter:card'), address).toBe('summary_large_image');
    }
    expect(cited.filter(({ address, document }) => contentOf(document, 'og:image') !== `${origin}${address}preview.png`).map(({ address }) => address)).toEqual([]);
  });

  test('tell an article, which has a day, from what is none', () => {
    const articles = found.filter(({ document }) => contentOf(document, 'og:type') === 'article').map(({ address }) => address);
    expect(articles.sort()).toEqual(cited.filter(({ data }) => isCurrent(data)).map(({ address }) => address).sort());
    for (const { address, date, document } of cited) expect(contentOf(document, 'article:modified_time'), address).toBe(date);
    expect(new Set(found.map(({ document }) => contentOf(document, 'og:type')))).toEqual(new Set(['article', 'website']));
  });

  test('show two facts under a page: what it is good for, and its state with the version', () => {
    const first = { patterns: 'Solves', problems: 'Candidates', guides: 'Leads through' };
    for (const { address, data, version, document } of cited) {
      expect(contentOf(document, 'twitter:label1'), address).toBe(data.status === 'superseded' ? 'Superseded by' : first[address.split('/')[1] as keyof typeof first]);
      expect(contentOf(document, 'twitter:data1'), address).toMatch(/\S{3}/);
      expect(contentOf(document, 'twitter:label2'), address).toBe('Status');
      expect(contentOf(document, 'twitter:data2'), address).toMatch(new RegExp(`^\\S.* \\d{1,2} [A-Z][a-z]+ \\d{4}, version ${version?.replace('.', '\\.')}$`));
    }
    const halves = pages.filter(({ document }) => [1, 2].some((at) => (contentOf(document, `twitter:label${at}`) === null) !== (contentOf(document, `twitter:data${at}`) === null)));
    expect(halves.map(({ address }) => address)).toEqual([]);
  });

  test('see of a pattern the problems that name it', () => {
    const current = problems.filter(({ data }) => isCurrent(data));
    for (const { slug, data } of current) {
      const [pattern] = data.candidates.flatMap((candidate) => candidate.pattern ?? []).filter((each) => cited.some(({ address, data: known }) => isCurrent(known) && address === `/patterns/${each}/`));
      const others = current.filter((problem) => problem.data.candidates.some((candidate) => candidate.pattern === pattern));
      if (pattern !== undefined && others.length <= 3) expect(contentOf(documentAt(`/patterns/${pattern}/`), 'twitter:data1'), slug).toContain(data.title);
    }
  });
});

describe('search engines', () => {
  const graphs = found.map(({ address, document }) => ({ address, graph: graphOf(document) }));

  test('read one graph on every page that may be found, and none elsewhere', () => {
    expect(graphs.filter(({ graph }) => graph.length === 0).map(({ address }) => address)).toEqual([]);
    const others = pages.filter((page) => !found.includes(page));
    expect(others.length).toBeGreaterThan(0);
    expect(others.filter(({ document }) => document.querySelector('script[type="application/ld+json"]') !== null).map(({ address }) => address)).toEqual([]);
  });

  test('read an article with title, author, days, version and licence on each page that has versions', () => {
    // A page that another took the place of is not to be found, and needs no description.
    for (const { address, data, version, date, document } of cited.filter((page) => isCurrent(page.data))) {
      const organisation = { '@type': 'Organization', name: 'The Pattern Atlas authors', url: `${origin}/` };
      const [article] = graphOf(document);
      expect(article, address).toMatchObject({
        '@type': 'TechArticle', headline: data.title, description: data.description, url: `${origin}${address}`,
        image: `${origin}${address}preview.png`, datePublished: data.changes.at(-1)?.date, dateModified: date, version, license: 'https://creativecommons.org/licenses/by/4.0/',
        author: organisation, publisher: organisation, isPartOf: { '@type': 'WebSite', name: 'Pattern Atlas', url: `${origin}/` },
      });
    }
    expect(graphOf(documentAt('/'))).toMatchObject([{ '@type': 'WebSite', name: 'Pattern Atlas', url: `${origin}/` }]);
  });

  test('read where a page stands: steps in order, from the first page to itself, through pages that exist', () => {
    for (const { address, graph } of graphs.filter((each) => each.address !== '/')) {
      const trail = graph.find((item) => item['@type'] === 'BreadcrumbList')?.['itemListElement'] as { '@type': string; position: number; name: string; item: string }[] | undefined;
      expect(trail?.map(({ position }) => position), address).toEqual(trail?.map((_, at) => at + 1));
      expect(trail?.length, address).toBeGreaterThanOrEqual(2);
      expect([trail?.[0]?.item, trail?.at(-1)?.item], address).toEqual([`${origin}/`, `${origin}${address}`]);
      expect(trail?.filter(({ name, item }) => name === '' || !siteFiles.includes(`${new URL(item).pathname.slice(1)}index.html`)), address).toEqual([]);
    }
    const names = (address: string): unknown => (graphOf(documentAt(address))[1]?.['itemListElement'] as { name: string }[]).map(({ name }) => name);
    expect(names('/patterns/saga/code/')).toEqual(['Pattern Atlas', 'Patterns', 'Data', 'Saga', 'Code of Saga']);
    expect(names('/categories/data/')).toEqual(['Pattern Atlas', 'Patterns', 'Data']);
  });
});

function documentAt(address: string): Document {
  const page = pages.find((each) => each.address === address);
  if (page === undefined) throw new Error(`there is no page at ${address}`);
  return page.document;
}

function canonicalOf(document: Document): string | null {
  return document.querySelector('link[rel="canonical"]')?.getAttribute('href') ?? null;
}

function contentOf(document: Document, name: string): string | null {
  return document.querySelector(`meta[name="${name}"], meta[property="${name}"]`)?.getAttribute('content') ?? null;
}

function graphOf(document: Document): Record<string, unknown>[] {
  const scripts = [...document.querySelectorAll('script[type="application/ld+json"]')];
  if (scripts.length !== 1) return [];
  const read = JSON.parse(scripts[0]?.textContent ?? '') as { '@context': string; '@graph': Record<string, unknown>[] };
  expect(read['@context']).toBe('https://schema.org');
  return read['@graph'];
}
