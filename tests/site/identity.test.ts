/** Version, day and bytes of every page that can be cited, and the pages of versions. */
import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { readCatalogue, withoutDrafts } from '../../src/catalogue/files.ts';
import { isPublished } from '../../src/catalogue/vocabulary.ts';
import { pathOf, pinnedPathOf } from '../../src/citing/addresses.ts';
import { root } from '../architecture/repository.ts';
import { pageAt, pages, siteFiles, siteText, textOf } from './built-site.ts';

const { patterns, problems, guides } = withoutDrafts(readCatalogue(root));
const cited = [...patterns, ...problems, ...guides].filter(({ data }) => isPublished(data));
const longDay = (day: string | undefined): string => new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(day ?? ''));

describe('a page that can be cited', () => {
  test('says its version, the day of it, and what git calls its source', () => {
    const names = execFileSync('git', ['hash-object', '--no-filters', '--', ...cited.map(({ file }) => file)], { cwd: root, encoding: 'utf8' }).trim().split('\n');
    const silent = cited.flatMap(({ slug, data, file }, index) => {
      const { document } = pageAt(pathOf(data.kind, slug));
      const footer = document.querySelector('.page-footer');
      const [current] = data.changes;
      const wanted = [`Version ${current?.version} of ${longDay(current?.date)}`, `Source swh:1:cnt:${names[index]}`];
      const pinned = footer?.querySelector(`a[href="${pinnedPathOf(data.kind, slug, current?.version ?? '')}"]`);
      return [...wanted.filter((text) => !textOf(footer).includes(text)), ...(pinned === null ? ['a link to its version'] : [])].map((text) => `${file}: ${text}`);
    });
    expect(silent).toEqual([]);
  });

  test('has a page for each of its versions, which names the latest and tells all changes', () => {
    const wrong = cited.flatMap(({ slug, data: { kind, title, changes } }) => changes.flatMap(({ version }) => {
      const { address, document } = pageAt(pinnedPathOf(kind, slug, version));
      const about = document.querySelector('aside.pinned');
      const wanted = [`version ${version}`, ...changes.map((change) => `${change.version} of ${longDay(change.date)}: ${change.what}`)];
      return [
        ...wanted.filter((text) => !textOf(about).includes(text)),
        ...(about?.querySelector(`a[href="${pathOf(kind, slug)}"]`) === null ? ['no link to the latest'] : []),
        ...(textOf(document.querySelector('h1')).startsWith(title) ? [] : ['another title']),
        ...(document.querySelector('meta[name="robots"]')?.getAttribute('content') === 'noindex' ? [] : ['search engines may keep it']),
        ...(document.querySelector('[data-pagefind-body]') === null ? [] : ['the search of the site finds it']),
        ...(siteFiles.includes(`${address.slice(1)}index.md`) ? [] : ['no Markdown']),
      ].map((trouble) => `${address}: ${trouble}`);
    }));
    expect(wrong).toEqual([]);
  });

  test('shows in a version what its Markdown says: headings, drawings, coloured code and notes', () => {
    const { document } = pageAt('/patterns/saga/1.0/');
    const headings = [...siteText('patterns/saga/1.0/index.md').replaceAll(/^```[\s\S]*?^```/gm, '').matchAll(/^#{2,} (.+?)(?: \{#.*\})?$/gm)].map(([, text]) => text);
    expect([...document.querySelectorAll('main :is(h2, h3):not(#footnote-label)')].map(textOf)).toEqual(headings);
    expect(document.querySelectorAll('main figure.diagram svg').length).toBe(pageAt('/patterns/saga/').document.querySelectorAll('main figure.diagram svg').length);
    expect(document.querySelector('main .expressive-code pre code span.k')).not.toBeNull();
    expect(document.querySelector('main section[data-footnotes] li')).not.toBeNull();
  });
});

describe('a claim', () => {
  const named = pages.filter(({ address }) => /^\/patterns\/[^/]+\/$/.test(address));

  test('of each section that a reader may hold us to has a link to itself', () => {
    const bare = named.flatMap(({ address, document }) => ['when-it-goes-wrong', 'what-it-costs', 'when-not-to-use-it'].flatMap((id) => {
      const section: Element[] = [];
      for (let next = document.getElementById(id)?.parentElement?.nextElementSibling; next !== null && next !== undefined && next.querySelector('h2') === null; next = next.nextElementSibling) section.push(next);
      const claims = section.flatMap((part) => (part.tagName === 'P' ? [part] : [...part.querySelectorAll('li, tbody tr')]));
      return claims.length === 0 ? [`${address}#${id} has no claim`] : claims.filter((claim) => claim.querySelector('a.claim') === null && claim.closest('figure, aside, .not-content:not(.trade-offs)') === null).map((claim) => `${address}#${id}: ${textOf(claim).slice(0, 60)}`);
    }));
    expect(bare).toEqual([]);
  });

  test('is where its link leads', () => {
    const astray = named.flatMap(({ address, document }) => [...document.querySelectorAll('a.claim')].filter((link) => link.closest(`[id="${link.getAttribute('href')?.slice(1)}"]`) === null).map((link) => `${address}${link.getAttribute('href')}`));
    expect(astray).toEqual([]);
  });
});
