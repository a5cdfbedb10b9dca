/** Every address that the site serves and every place on its pages, from the files and without a build. */
import { categories } from '../catalogue/vocabulary.ts';
import { pairPath, pairsOf } from '../citing/pairs.ts';
import { codeAnchor } from '../components/regions.ts';
import { accessibleText } from '../diagrams/accessible-text.ts';
import type { ContentTree, SourcePage } from './content-tree.ts';
import type { Ids } from './judges/anchors.ts';
import { verdictsOn } from './kept-verdicts.ts';
import { ledgerOf } from './ledger.ts';
import { bodyInPlace, codeOf, componentsOf } from './mdx-page.ts';
import { writtenPages } from './page-kinds.ts';

export interface Addresses {
  has(address: string): boolean;
  /** For those who look for the nearest: pages alone. */
  pages: readonly string[];
  pageAt(address: string): SourcePage | undefined;
  /** Those that only a build makes are taken from the ledger; undefined where the page itself cannot be read. */
  placesOn(address: string): ReadonlySet<string> | undefined;
}

const known = new WeakMap<ContentTree, Promise<Addresses>>();

export function addressesOf(tree: ContentTree): Promise<Addresses> {
  const addresses = known.get(tree) ?? find(tree);
  known.set(tree, addresses);
  return addresses;
}

/** As src/catalogue/loader.ts gives pages their addresses: whatever folder a pattern stands in. */
export function addressOf({ file, kind, slug }: Pick<SourcePage, 'file' | 'kind' | 'slug'>): string {
  if (kind !== 'house') return `/${kind}s/${slug}/`;
  const path = file.replace(/^content\/docs\//, '').replace(/(?:^|\/)index\.mdx$|\.mdx$/, '');
  return path === '' ? '/' : `/${path}/`;
}

async function find(tree: ContentTree): Promise<Addresses> {
  const written = new Map(writtenPages(tree).filter(({ file }) => file !== 'content/docs/404.mdx').map((page) => [addressOf(page), page]));
  const bodies = new Map([...written].map(([address, page]) => [address, bodyInPlace(page)]));
  const judged = verdictsOn<Ids>(tree.root, new URL('./judges/anchors.ts', import.meta.url), bodies.values(), tree.read('src/integrations/anchors.ts'));
  const lists = ['/compare/', '/find/', '/glossary/', '/guides/', '/map/', '/offline/', '/patterns/', '/poster/', '/problems/', ...Object.keys(categories).map((category) => `/categories/${category}/`)];
  const folders = new Set(tree.files.flatMap((file) => /^src\/examples\/([^/]+)\//.exec(file)?.[1] ?? []));
  const code = new Map([...written].filter(([, { kind, slug }]) => folders.has(slug) && (kind === 'pattern' || kind === 'guide')).map(([address, { slug }]) => [`${address}code/`, slug]));
  const pairs = pairsOf(tree.catalogue.patterns).map(pairPath);
  const pages = [...written.keys(), ...lists, ...code.keys(), ...pairs];
  const files = new Set([
    ...pages.map((address) => `${address}index.md`),
    ...[...written].flatMap(([address, page]) => filesBeside(tree, address, page)),
    ...pairs.flatMap((address) => [`${address}decision.md`, `${address}preview.png`]),
    ...filesOfExamples(tree, folders),
    ...tree.files.filter((file) => file.startsWith('public/')).map((file) => file.slice('public'.length)),
    ...filesOfTheSite,
  ]);
  const all = new Set([...pages, ...files]);
  const ledger = new Map<string, string[]>();
  for (const { address } of ledgerOf(tree)) {
    const [page = '', place] = address.split('#');
    if (place !== undefined) ledger.set(page, [...ledger.get(page) ?? [], place]);
  }
  const ids = await judged;
  // Which patterns are compared stands in their frontmatter.
  const isUnsure = tree.pages.some(({ kind, data }) => kind === 'pattern' && data === undefined);
  return {
    has: (address) => all.has(address) || (isUnsure && address.startsWith('/compare/')),
    pages,
    pageAt: (address) => written.get(address),
    placesOn: (address) => {
      const page = written.get(address);
      const slug = code.get(address);
      if (slug !== undefined) return new Set(tree.files.filter((file) => file.startsWith(`src/examples/${slug}/`)).map((file) => codeAnchor(file.slice(`src/examples/${slug}/`.length))));
      const given = ledger.get(address) ?? [];
      if (page === undefined) return new Set(given);
      const own = ids.get(bodies.get(address) ?? '');
      return own == null || (page.kind !== 'house' && page.data === undefined) ? undefined : new Set([...own, ...placesOfComponents(page), ...(page.kind === 'house' ? given.filter((place) => isOfComponent.test(place)) : [])]);
    },
  };
}

/** What is served beside a page, route by route as src/routes/index.ts lists them. */
function filesBeside(tree: ContentTree, address: string, page: SourcePage): string[] {
  if (page.kind === 'house') return [];
  const versions = new Set([
    ...(page.data !== undefined && 'changes' in page.data ? page.data.changes.slice(0, 1).map(({ version }) => version) : []),
    ...tree.files.flatMap((file) => (file.startsWith(`content/versions/${page.kind}s/${page.slug}/`) ? file.split('/').at(-1)?.replace(/\.md$/, '') ?? [] : [])),
  ]);
  return [
    ...['cite.bib', 'cite.json', 'cite.menu.json', 'cite.ris', 'cite.txt', 'card/', 'oembed.json', 'preview.png'].map((name) => `${address}${name}`),
    page.kind === 'guide' ? `${address}stops.json` : `${address}decision.md`,
    ...(page.kind === 'pattern' ? ['json', 'png', 'svg'].map((ending) => `${address}neighbours.${ending}`) : []),
    ...[...versions].flatMap((version) => [`${address}${version}/`, `${address}${version}/index.md`]),
    ...diagramNames(page).flatMap((name) => [`${address}${name}.svg`, `${address}${name}.png`]),
  ];
}

/** As src/integrations/diagram-files.ts calls them. */
function diagramNames(page: SourcePage): string[] {
  const taken = new Set(['neighbours', 'preview']);
  return codeOf(page).filter(({ language }) => language === 'mermaid').map(({ code }) => {
    const name = accessibleText(code).title.toLowerCase().replaceAll(/[^a-z\d]+/g, '-').replaceAll(/^-|-$/g, '');
    let free = name;
    for (let number = 2; taken.has(free); number++) free = `${name}-${number}`;
    taken.add(free);
    return free;
  });
}

function filesOfExamples(tree: ContentTree, folders: ReadonlySet<string>): string[] {
  return [...tree.files.filter((file) => file.startsWith('src/examples/')).map((file) => file.slice('src'.length)), ...[...folders].map((slug) => `/examples/${slug}.json`)];
}

const filesOfTheSite = [
  '/card.css', '/changes.xml', '/find/index.json', '/find/pages.json', '/glossary.json', '/licences.txt', '/llms-full.txt', '/llms.txt', '/map/pattern-map.png', '/map/pattern-map.svg', '/map/preview.png', '/offline-worker.js', '/offline.json', '/patterns.json', '/preview.png', '/problems.json',
  '/robots.txt', '/sandbox.html', '/schemas/glossary.json', '/schemas/patterns.json', '/schemas/problems.json', '/sitemap-index.xml',
];

/** A page of the house shows components with the frontmatter of another. */
const isOfComponent = /^(?:cost|source)-|^(?:use-it-when|not-when)$/;

/** Places that components make from the frontmatter. */
function placesOfComponents(page: SourcePage): string[] {
  const { data } = page;
  const shown = new Set(componentsOf(page).map(({ name }) => name));
  return [
    '_top',
    ...(shown.has('UseWhen') ? ['use-it-when', 'not-when'] : []),
    ...(shown.has('TradeOffs') && data?.kind === 'pattern' ? Object.keys(data.tradeOffs).map((axis) => `cost-${axis}`) : []),
    ...(shown.has('Sources') && data !== undefined && 'sources' in data ? data.sources.map((key) => `source-${key}`) : []),
  ];
}
