/** What a reader without JavaScript gets: everything that the entries say. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readCatalogue, withoutDrafts } from '../../src/catalogue/files.ts';
import { categories, forces, isCurrent, isPublished, tradeOffAxes } from '../../src/catalogue/vocabulary.ts';
import type { Force, TradeOffAxis } from '../../src/catalogue/vocabulary.ts';
import { files, root } from '../architecture/repository.ts';
import { pageAt, pages, siteText, textOf } from './built-site.ts';

const whole = readCatalogue(root);
const { patterns, problems, guides, sources } = withoutDrafts(whole);
/** What no other page took the place of: only that is listed. */
const listed = { patterns: patterns.filter(({ data }) => isCurrent(data)), problems: problems.filter(({ data }) => isCurrent(data)), guides: guides.filter(({ data }) => isCurrent(data)) };
const written = patterns.filter(({ data }) => isPublished(data));
const hasPage = new Set(written.map(({ slug }) => slug));
const plain = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();
const main = (address: string): string => textOf(pageAt(address).document.querySelector('main'));
const missing = (text: string, wanted: readonly string[]): string[] => wanted.filter((each) => !text.includes(plain(each)));

describe('without JavaScript', () => {
  test('a pattern page says when to use it and when not, what it costs and where it is known from', () => {
    for (const { slug, data } of written) {
      const wanted = [
        data.title, data.description, ...data.useWhen,
        ...data.notWhen.flatMap(({ when, instead }) => [when, instead]),
        ...Object.keys(data.forces).map((force) => forces[force as Force]),
        ...Object.entries(data.tradeOffs).flatMap(([axis, entry]) => [tradeOffAxes[axis as TradeOffAxis], entry.why]),
        ...data.libraries.flatMap(({ name, covers }) => [name, covers]),
        ...data.sources.map((key) => sources.get(key)?.title ?? key),
        ...data.notToBeConfusedWith.flatMap(({ name, why }) => [name, why]),
        ...data.relations.map(({ why }) => why),
      ];
      expect(missing(main(`/patterns/${slug}/`), wanted), slug).toEqual([]);
    }
  });

  test('a relation is seen on the page of the other pattern too', () => {
    for (const { slug, data } of written) {
      for (const { to } of data.relations) {
        if (hasPage.has(to)) expect(pageAt(`/patterns/${to}/`).document.querySelector(`.related a[href="/patterns/${slug}/"]`), `${to} names ${slug}`).not.toBeNull();
      }
    }
  });

  test('a pattern page links the problems that it answers', () => {
    for (const { slug, data } of listed.problems) {
      for (const { pattern } of data.candidates) {
        if (pattern !== undefined && hasPage.has(pattern)) expect(pageAt(`/patterns/${pattern}/`).document.querySelector(`main a[href="/problems/${slug}/"]`), `${pattern} names ${slug}`).not.toBeNull();
      }
    }
  });

  test('a problem page asks its questions and names its candidates', () => {
    for (const { slug, data } of problems) {
      const wanted = [data.title, ...data.questions.flatMap(({ ask, tells }) => [ask, tells]), ...data.candidates.flatMap(({ when, because }) => [when, because]), ...data.sources.map((key) => sources.get(key)?.title ?? key)];
      expect(missing(main(`/problems/${slug}/`), wanted), slug).toEqual([]);
    }
  });

  test('the finder is the index of all problems with their symptoms, and its box a form', () => {
    expect(missing(main('/find/'), listed.problems.flatMap(({ data }) => [data.title, ...data.symptoms]))).toEqual([]);
    expect(pageAt('/find/').document.querySelector('form[action="/find/"] [name="q"]')).not.toBeNull();
    for (const { slug } of listed.problems) expect(pageAt('/find/').document.querySelector(`main a[href="/problems/${slug}/"]`), slug).not.toBeNull();
  });

  test('the box on the home page leads to the finder', () => {
    const form = pageAt('/').document.querySelector('form[action="/find/"]');
    expect(form?.querySelector('[name="q"]')).not.toBeNull();
    expect((form?.getAttribute('method') ?? 'get').toLowerCase()).toBe('get');
  });

  test('a guide leads to each of its patterns, and is found from each and from the list', () => {
    for (const { slug, data } of listed.guides) {
      expect(missing(main('/guides/'), [data.title, data.description])).toEqual([]);
      for (const pattern of data.patterns.filter((each) => hasPage.has(each))) {
        expect(pageAt(`/guides/${slug}/`).document.querySelector(`main a[href="/patterns/${pattern}/"]`), `${slug} names ${pattern}`).not.toBeNull();
        expect(pageAt(`/patterns/${pattern}/`).document.querySelector(`main a[href="/guides/${slug}/"]`), `${pattern} names ${slug}`).not.toBeNull();
      }
    }
  });

  test('lists hold every pattern with its one-line answer, every category and every problem', () => {
    expect(missing(main('/patterns/'), listed.patterns.flatMap(({ data }) => [data.title, data.description]))).toEqual([]);
    expect(missing(main('/problems/'), listed.problems.map(({ data }) => data.title))).toEqual([]);
    for (const [category, { label }] of Object.entries(categories)) {
      const own = listed.patterns.filter(({ data }) => data.category === category);
      expect(missing(main(`/categories/${category}/`), [label, ...own.flatMap(({ data }) => [data.title, data.description])]), category).toEqual([]);
      expect(pageAt('/').document.querySelector(`main a[href="/categories/${category}/"]`), category).not.toBeNull();
    }
  });

  test('what another page took the place of says so, leads there, and stands in no list', () => {
    const replaced = [...patterns, ...problems, ...guides].flatMap(({ slug, data }) => (data.status === 'superseded' ? [{ address: `/${data.kind}s/${slug}/`, to: `/${data.kind}s/${data.supersededBy}/` }] : []));
    const lists = ['/', '/patterns/', '/problems/', '/guides/', '/find/', '/map/', ...Object.keys(categories).map((category) => `/categories/${category}/`)];
    for (const { address, to } of replaced) {
      expect(pageAt(address).document.querySelector(`.notice a[href="${to}"]`), address).not.toBeNull();
      // A guide that goes on leading through it names it in the list of guides.
      expect(lists.filter((list) => pageAt(list).document.querySelector(`main a[href="${address}"]:not(.guides .answers a), nav.sidebar a[href="${address}"]`) !== null), address).toEqual([]);
    }
    expect(pages.filter(({ document }) => textOf(document.querySelector('.notice')).startsWith('Superseded')).map(({ address }) => address).sort()).toEqual(replaced.map(({ address }) => address).sort());
  });

  test('diagrams are drawings with a name and a description', () => {
    for (const { slug } of written) {
      const drawings = [...pageAt(`/patterns/${slug}/`).document.querySelectorAll('figure.diagram svg')];
      expect(drawings.length, slug).toBeGreaterThanOrEqual(2);
      for (const drawing of drawings) {
        expect(textOf(drawing.querySelector('title')), slug).not.toBe('');
        expect(textOf(drawing.querySelector('desc')), slug).not.toBe('');
      }
    }
  });
});

describe('code', () => {
  test('the number of tests under a snippet is the number that vitest counts', () => {
    const { stdout, stderr } = spawnSync(process.execPath, ['node_modules/vitest/vitest.mjs', 'list', '--json', '--project', 'rooms', 'src/examples'], { cwd: root, encoding: 'utf8' });
    const start = stdout.indexOf('[');
    expect(start, stderr).toBeGreaterThanOrEqual(0);
    const listed = JSON.parse(stdout.slice(start)) as { file: string }[];
    for (const { slug } of written) {
      const counted = listed.filter(({ file }) => file.includes(`/src/examples/${slug}/`)).length;
      const shown = [...pageAt(`/patterns/${slug}/`).document.querySelectorAll('figure.snippet figcaption')].map((caption) => /(\d+) tests/.exec(textOf(caption))?.[1]);
      expect(counted, slug).toBeGreaterThan(0);
      expect(new Set(shown), slug).toEqual(new Set([String(counted)]));
    }
  });

  test('every file is served with its licence above it and otherwise as it is, and shown whole with its tests', () => {
    for (const file of files.filter((each) => /^src\/examples\/[^/]+\/.*\.ts$/.test(each))) {
      const path = file.replace('src/examples/', '');
      expect(siteText(`examples/${path}`), file).toBe(`// SPDX-FileCopyrightText: 2026 The Pattern Atlas authors\n// SPDX-License-Identifier: MIT\n\n${readFileSync(`${root}${file}`, 'utf8')}`);
      const [slug] = path.split('/');
      const home = whole.guides.some((guide) => guide.slug === slug) ? 'guides' : 'patterns';
      expect(pageAt(`/${home}/${slug}/code/`).document.querySelector(`a[href="/examples/${path}"]`), file).not.toBeNull();
    }
  });
});

describe('what Starlight drops in silence when a folder moves', () => {
  const { document } = pageAt('/patterns/api-gateway/');

  test('the sidebar has entries', () => {
    expect(document.querySelectorAll('nav.sidebar a[href^="/patterns/"]').length).toBeGreaterThan(0);
  });

  test('headings have their anchor links', () => {
    expect(document.querySelector('main h2#problem')).not.toBeNull();
    expect(document.querySelector('main a[href="#problem"]')).not.toBeNull();
  });

  test('an aside is drawn as one', () => {
    const source = written.find(({ body }) => /^:::(note|tip|caution|danger)/m.test(body));
    expect(source, 'some page has an aside').toBeDefined();
    expect(pageAt(`/patterns/${source?.slug}/`).document.querySelector('aside.starlight-aside')).not.toBeNull();
  });

  test('the page says when it was last changed, and where to edit it', () => {
    expect(document.querySelector('footer time[datetime]')).not.toBeNull();
    expect(document.querySelector('a[href$="/edit/main/content/docs/patterns/integration/api-gateway.mdx"]')).not.toBeNull();
  });

  test('code is highlighted', () => {
    expect(document.querySelector('.expressive-code pre code span.k')).not.toBeNull();
    expect(pages.length).toBeGreaterThan(20);
  });
});
