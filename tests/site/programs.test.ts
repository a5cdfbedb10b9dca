/** What the site serves for programs, each read by a reader of its format. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { XMLParser } from 'fast-xml-parser';
import { HtmlValidate } from 'html-validate';
import { JSDOM } from 'jsdom';
import { markdownToMdast } from 'satteri';
import type { MdastNode } from 'satteri';
import { describe, expect, test } from 'vitest';
import { readCatalogue, withoutDrafts } from '../../src/catalogue/files.ts';
import { publishedFiles } from '../../src/catalogue/published.ts';
import { isCurrent, isPublished } from '../../src/catalogue/vocabulary.ts';
import { root } from '../architecture/repository.ts';
import { pages, siteFiles, siteText, textOf } from './built-site.ts';

const origin = 'https://pattern-atlas.github.io';
const { patterns, problems, guides } = withoutDrafts(readCatalogue(root));
const written = patterns.filter(({ data }) => isPublished(data));
const citable = [...written.map(({ slug, data }) => ({ path: `/patterns/${slug}/`, data })), ...problems.map(({ slug, data }) => ({ path: `/problems/${slug}/`, data })), ...guides.map(({ slug, data }) => ({ path: `/guides/${slug}/`, data }))];
const listed = citable.filter(({ data }) => isCurrent(data));
const json = (file: string): Record<string, unknown> => JSON.parse(siteText(file)) as Record<string, unknown>;
const served = (address: string): boolean => {
  const { pathname } = new URL(address);
  return siteFiles.includes(pathname.endsWith('/') ? `${pathname.slice(1)}index.html` : pathname.slice(1));
};

describe.each(['patterns', 'problems'] as const)('%s.json', (name) => {
  const data = json(`${name}.json`);
  const schema = json(`schemas/${name}.json`);
  const ajv = new Ajv2020({ allErrors: true, strict: true, strictRequired: false });
  addFormats.default(ajv);
  const validate = ajv.compile(schema);

  test('is what its schema says, which it names', () => {
    expect(validate(data) ? [] : validate.errors).toEqual([]);
    expect(data['$schema']).toBe(`${origin}/schemas/${name}.json`);
    expect(schema['$id']).toBe(data['$schema']);
    expect(publishedFiles[name].safeParse(data).error, 'no key that the schema does not promise').toBeUndefined();
  });

  test('is refused when a word is wrong or a key is missing', () => {
    const [first] = data[name] as Record<string, unknown>[];
    const broken = (change: Record<string, unknown>): unknown => validate({ ...data, [name]: [{ ...first, ...change }] });
    expect(broken({})).toBe(true);
    expect(broken({ later: 'a new key' })).toBe(true);
    expect(broken({ title: undefined, slug: 'Not A Slug' })).toBe(false);
    expect(broken({ [name === 'patterns' ? 'category' : 'group']: 'nonsense' })).toBe(false);
    expect(broken({ page: { ...first?.['page'] as object, date: 'yesterday' } })).toBe(false);
  });

  test('holds every entry, with addresses that are served', () => {
    const entries = data[name] as { slug: string; page?: { address: string; markdown: string; pinned: string; version: string } }[];
    expect(entries.map(({ slug }) => slug).sort()).toEqual((name === 'patterns' ? patterns : problems).map(({ slug }) => slug).sort());
    expect(entries.flatMap(({ page }) => (page === undefined ? [] : [page.address, page.markdown])).filter((address) => !served(address))).toEqual([]);
    expect(entries.filter(({ page }) => page !== undefined)).toHaveLength(name === 'patterns' ? written.length : problems.length);
    expect(entries.flatMap(({ page }) => page ?? []).filter(({ address, pinned, version }) => pinned !== `${address}${version}/`)).toEqual([]);
  });
});

describe('glossary.json', () => {
  const data = json('glossary.json') as { terms?: { id: string; address: string }[] };
  const ajv = new Ajv2020({ allErrors: true, strict: true, strictRequired: false });
  addFormats.default(ajv);
  const validate = ajv.compile(json('schemas/glossary.json'));

  test('is what its schema says, and is refused without a definition', () => {
    expect(validate(data) ? [] : validate.errors).toEqual([]);
    expect(validate({ ...data, terms: data.terms?.map((term) => ({ ...term, definition: undefined })) })).toBe(false);
  });

  test('leads to a place in the glossary with each term', () => {
    const places = [...pages.find(({ address }) => address === '/glossary/')?.document.querySelectorAll('dt') ?? []].map(({ id }) => `${origin}/glossary/#${id}`);
    expect(places.length).toBeGreaterThan(39);
    expect(data.terms?.map(({ address }) => address)).toEqual(places);
  });
});

describe('llms.txt', () => {
  const tree = markdownToMdast(siteText('llms.txt'));
  const nodes = tree.type === 'root' ? tree.children : [];
  const lists = nodes.flatMap((node) => (node.type === 'list' ? node.children : []));

  test('is built as its specification asks: title, quotation, text, then lists under headings of the second level', () => {
    expect(nodes[0]).toMatchObject({ type: 'heading', depth: 1 });
    expect(nodes[1]?.type).toBe('blockquote');
    const first = nodes.findIndex((node) => node.type === 'heading' && node.depth === 2);
    expect(nodes.slice(2, first).filter(({ type }) => type === 'heading')).toEqual([]);
    expect(nodes.slice(first).map((node) => (node.type === 'heading' ? node.depth : node.type))).toEqual(nodes.slice(first).map((_, at) => (at % 2 === 0 ? 2 : 'list')));
  });

  test('has a link and a note in each entry, and leads only to what is served', () => {
    const entries = lists.map((item) => ('children' in item && item.children[0]?.type === 'paragraph' ? item.children[0].children : []));
    expect(entries.filter(([link, note]) => link?.type !== 'link' || note?.type !== 'text' || !note.value.startsWith(': '))).toEqual([]);
    const addresses = entries.flatMap(([link]) => (link?.type === 'link' ? [link.url] : []));
    expect(addresses.filter((address) => !served(address))).toEqual([]);
    expect(citable.filter(({ path, data }) => addresses.includes(`${origin}${path}index.md`) !== isCurrent(data)).map(({ path }) => path)).toEqual([]);
  });

  test('llms-full.txt is the text of all of them, with notes that do not meet', () => {
    const full = nodesOf(markdownToMdast(siteText('llms-full.txt'), { features: { frontmatter: false } }));
    const titles = full.flatMap((node) => (node.type === 'heading' && node.depth === 1 ? [node.children.map((child) => ('value' in child ? child.value : '')).join('')] : []));
    expect(titles.sort()).toEqual(['Pattern Atlas', ...listed.map(({ data }) => data.title)].sort());
    expect(full.filter(({ type }) => type === 'html')).toEqual([]);
    const notes = full.flatMap((node) => (node.type === 'footnoteDefinition' ? [node.identifier] : []));
    expect(notes.filter((note, at) => notes.indexOf(note) !== at)).toEqual([]);
    expect(notes.length).toBeGreaterThan(100);
  });
});

describe('changes.xml', () => {
  const text = siteText('changes.xml');
  // Told to validate, it throws where the text is no XML.
  const { rss } = new XMLParser({ ignoreAttributes: false, isArray: (name) => name === 'item' }).parse(text, true) as { rss: { '@_version': string; channel: Record<string, unknown> & { item: { title: string; description: string; link: string; pubDate: string; guid: { '#text': string; '@_isPermaLink': string } }[] } } };
  const { item: items, ...channel } = rss.channel;

  test('is a feed with title, link, description and its own address', () => {
    expect(rss['@_version']).toBe('2.0');
    expect(channel).toMatchObject({ title: 'Pattern Atlas: changes', link: `${origin}/`, language: 'en-GB', 'atom:link': { '@_href': `${origin}/changes.xml`, '@_rel': 'self' } });
    expect(channel['description']).not.toBe('');
    expect(channel).not.toHaveProperty('lastBuildDate');
  });

  test('tells each version of each page once, the newest first', () => {
    const versions = citable.flatMap(({ path, data }) => data.changes.map(({ version }) => `${origin}${path}${version}/`));
    expect(items.map(({ link }) => link).sort()).toEqual(versions.sort());
    expect(items.filter(({ link, guid }) => guid['#text'] !== link || guid['@_isPermaLink'] !== 'true')).toEqual([]);
    const days = items.map(({ pubDate }) => Date.parse(pubDate));
    expect(days.filter(Number.isNaN)).toEqual([]);
    expect(days).toEqual(days.toSorted((a, b) => b - a));
  });

  test('is named by home, lists and all else that is not a page of one entry', () => {
    expect(pages.filter(({ address, document }) => !citable.some(({ path }) => path === address) && document.querySelector('link[rel="alternate"][type="application/rss+xml"][href="/changes.xml"]') === null).map(({ address }) => address)).toEqual([]);
  });
});

describe('oEmbed', () => {
  test('is found from each pattern, problem and guide, and from nothing else', () => {
    const naming = pages.flatMap(({ address, document }) => [...document.querySelectorAll('link[type="application/json+oembed"]')].map((link) => [address, link.getAttribute('href')]));
    expect(naming.sort()).toEqual(citable.map(({ path }) => [path, `${origin}${path}oembed.json`]).sort());
  });

  test('answers with a card in a frame, and a picture that is served', () => {
    for (const { path, data } of citable) {
      const answer = json(`${path.slice(1)}oembed.json`);
      expect(answer, path).toMatchObject({ version: '1.0', type: 'rich', title: data.title, provider_url: `${origin}/`, width: expect.any(Number), height: expect.any(Number) });
      const frame = new JSDOM(String(answer['html'])).window.document.querySelector('iframe');
      expect(frame?.getAttribute('src'), path).toBe(`${origin}${path}card/`);
      expect([String(answer['thumbnail_url']), frame?.getAttribute('src') ?? ''].filter((address) => !served(address)), path).toEqual([]);
    }
  });
});

describe('a card', () => {
  const cards = citable.map(({ path, data }) => {
    const html = siteText(`${path.slice(1)}card/index.html`);
    return { path, data, html, document: new JSDOM(html).window.document };
  });

  test('is valid HTML without a script or a style of its own', () => {
    const validator = new HtmlValidate({ extends: ['html-validate:recommended'], rules: { 'void-style': 'off', 'doctype-style': 'off', 'long-title': 'off', 'require-sri': 'off' } });
    expect(cards.flatMap(({ path, html }) => validator.validateStringSync(html).results.flatMap(({ messages }) => messages.map(({ ruleId, message }) => `${path}card/: ${ruleId}: ${message}`)))).toEqual([]);
    expect(cards.filter(({ document }) => document.querySelector('script, style, [style], [onclick]') !== null).map(({ path }) => path)).toEqual([]);
  });

  test('says title, description and version, and leads to its page', () => {
    for (const { path, data, document } of cards) {
      expect(textOf(document.body), path).toContain(data.description);
      expect(textOf(document.querySelector('.facts')), path).toContain(`Version ${data.changes[0]?.version}`);
      expect(textOf(document.querySelector('h1 a')), path).toBe(data.title);
      expect(document.querySelector('h1 a')?.getAttribute('href'), path).toBe(`${origin}${path}`);
      expect(document.querySelector('link[rel="canonical"]')?.getAttribute('href'), path).toBe(`${origin}${path}`);
      expect(document.querySelector('meta[name="robots"]')?.getAttribute('content'), path).toBe('noindex');
    }
  });

  test('weighs at most 4 KB, its sheet 6 KB', () => {
    expect(cards.filter(({ html }) => html.length > 4096).map(({ path }) => path)).toEqual([]);
    expect(siteText('card.css').length).toBeLessThanOrEqual(6 * 1024);
    expect(siteText('card.css')).toContain('@media (prefers-color-scheme: dark)');
  });
});

function nodesOf(node: MdastNode): MdastNode[] {
  return [node, ...('children' in node ? node.children.flatMap((child) => nodesOf(child)) : [])];
}
