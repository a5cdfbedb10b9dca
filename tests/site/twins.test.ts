/** The Markdown twins, read by a parser of Markdown that knows no MDX. */
import { markdownToMdast } from 'satteri';
import type { MdastNode } from 'satteri';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { pages, siteFiles, siteText, textOf } from './built-site.ts';

const origin = 'https://pattern-atlas.github.io';
/** A frozen version is the twin as it was; what answers at addresses that lead nowhere has none. */
const withTwin = pages.filter(({ address }) => address !== '/404.html' && !/\/\d+\.\d+\/$/.test(address));
const twins = withTwin.map((page) => {
  const file = `${page.address.slice(1)}index.md`;
  const text = siteFiles.includes(file) ? siteText(file) : '';
  return { ...page, file, text, tree: nodesOf(markdownToMdast(text, { features: { frontmatter: true } })) };
});

describe('every page has a Markdown twin', () => {
  test('that it names in its head', () => {
    expect(withTwin.filter(({ address, document }) => {
      const href = document.querySelector('link[rel="alternate"][type="text/markdown"]')?.getAttribute('href');
      return href === null || href === undefined || new URL(href, `${origin}${address}`).href !== `${origin}${address}index.md`;
    }).map(({ address }) => address)).toEqual([]);
    expect(twins.filter(({ text }) => text === '').map(({ file }) => file)).toEqual([]);
  });

  test('and every twin has a page', () => {
    const known = new Set(twins.map(({ file }) => file));
    expect(siteFiles.filter((file) => /(^|\/)index\.md$/.test(file) && !/\/\d+\.\d+\//.test(file) && !known.has(file))).toEqual([]);
  });

  test('with its address, title and licence at the head, and its version where it has one', () => {
    for (const { address, text, document } of twins) {
      const head = parse(/^---\n([\s\S]*?)\n---\n/.exec(text)?.[1] ?? '') as Record<string, unknown>;
      expect(head, address).toMatchObject({ address: `${origin}${address}`, title: textOf(document.querySelector('h1')), licence: expect.stringContaining('CC-BY-4.0') });
      if (!/^\/(patterns|problems|guides)\/[^/]+\/$/.test(address) || head['status'] === 'draft') continue;
      expect(head, address).toMatchObject({ version: expect.stringMatching(/^\d+\.\d+$/), date: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) });
      expect(head['pinned'], address).toBe(`${origin}${address}${head['version']}/`);
    }
  });
});

describe('a twin', () => {
  test('has nothing left of MDX or HTML', () => {
    expect(twins.flatMap(({ file, tree }) => tree.filter(({ type }) => type === 'html').map((node) => `${file}: ${JSON.stringify(node)}`))).toEqual([]);
    expect(twins.flatMap(({ file, tree }) => tree.filter((node) => node.type === 'text' && /^(import|export) .*from |<[A-Z]\w+ \/>/.test(node.value)).map((node) => `${file}: ${JSON.stringify(node)}`))).toEqual([]);
  });

  test('has the headings of its page', () => {
    const written = twins.filter(({ address }) => address === '/' || /^\/(patterns|problems|guides)\/[^/]+\/$/.test(address));
    const wrong = written.flatMap(({ address, document, tree }) => {
      const own = tree.flatMap((node) => (node.type === 'heading' && node.depth > 1 ? [textOfNode(node)] : []));
      const shown = [...document.querySelectorAll('main .sl-markdown-content :is(h2, h3)')].filter((heading) => heading.closest('.not-content, pattern-simulator, figure') === null).map((heading) => textOf(heading).replace(/^§ /, ''));
      return JSON.stringify(own) === JSON.stringify(shown) ? [] : [`${address}: ${own.join(' | ')} instead of ${shown.join(' | ')}`];
    });
    expect(wrong).toEqual([]);
  });

  test('has the code, the diagrams and the tables of its page', () => {
    const wrong = twins.filter(({ address }) => /^\/(patterns|problems|guides)\/[^/]+\/$/.test(address)).flatMap(({ address, document, tree }) => {
      const code = tree.flatMap((node) => (node.type === 'code' ? [node] : []));
      const shown = { snippets: document.querySelectorAll('figure.snippet').length, diagrams: document.querySelectorAll('main figure.diagram').length, tables: document.querySelectorAll('main table').length };
      const own = { snippets: code.filter(({ lang }) => lang === 'ts').length, diagrams: code.filter(({ lang }) => lang === 'mermaid').length, tables: tree.filter(({ type }) => type === 'table').length };
      return JSON.stringify(own) === JSON.stringify(shown) ? [] : [`${address}: ${JSON.stringify(own)} instead of ${JSON.stringify(shown)}`];
    });
    expect(wrong).toEqual([]);
  });

  test('has links with their host that lead to a page and its anchor', () => {
    const ids = new Map(pages.map(({ address, document }) => [address, new Set([...document.querySelectorAll('[id]')].map(({ id }) => id))]));
    const broken = twins.flatMap(({ file, tree }) => tree.flatMap((node) => {
      if (node.type !== 'link') return [];
      if (!/^https?:\/\//.test(node.url)) return [`${file}: ${node.url} has no host`];
      const url = new URL(node.url);
      // The address of a version is made when a later one comes, or from the page as it is.
      if (url.origin !== origin || /\/\d+\.\d+\/$/.test(url.pathname)) return [];
      const target = url.pathname.slice(1);
      if (!siteFiles.includes(target.endsWith('/') || target === '' ? `${target}index.html` : target)) return [`${file}: ${node.url} leads to nothing`];
      return url.hash === '' || ids.get(url.pathname)?.has(url.hash.slice(1)) === true ? [] : [`${file}: ${node.url} leads to no such anchor`];
    }));
    expect(broken).toEqual([]);
  });

  test('explains each mark of a source, and marks each explanation', () => {
    const wrong = twins.filter(({ tree }) => {
      const [marks, notes] = (['footnoteReference', 'footnoteDefinition'] as const).map((type) => new Set(tree.flatMap((node) => (node.type === type ? [node.identifier] : []))));
      // Without its note a mark is plain text.
      return tree.some((node) => node.type === 'text' && /\[\^/.test(node.value)) || JSON.stringify([...marks ?? []].sort()) !== JSON.stringify([...notes ?? []].sort());
    });
    expect(wrong.map(({ file }) => file)).toEqual([]);
    expect(twins.flatMap(({ tree }) => tree.filter(({ type }) => type === 'footnoteDefinition')).length).toBeGreaterThan(100);
  });
});

function nodesOf(node: MdastNode): MdastNode[] {
  return [node, ...('children' in node ? node.children.flatMap((child) => nodesOf(child)) : [])];
}

function textOfNode(node: MdastNode): string {
  if ('value' in node) return node.value;
  return 'children' in node ? node.children.map((child) => textOfNode(child)).join('') : '';
}
