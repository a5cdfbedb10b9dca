/** Full text: Pagefind's answer as text nodes. It is fetched with the first question. */
import { fromRoot } from './from-root.ts';
import { link, node } from './nodes.ts';

const indexAddress = fromRoot('/pagefind/pagefind.js');
const shownAtOnce = 8;

interface Excerpt { url: string; excerpt: string }
interface Fragment extends Excerpt { meta: { title?: string; category?: string }; sub_results: (Excerpt & { title: string })[] }
interface Answer { results: { data: () => Promise<Fragment> }[]; filters: Record<string, Record<string, number>>; totalFilters?: Record<string, Record<string, number>>; unfilteredResultCount: number }
interface Pagefind {
  options: (options: object) => Promise<void>;
  filters: () => Promise<unknown>;
  search: (query: string, options: { filters: Record<string, string> }) => Promise<Answer>;
}

export interface TextHits {
  /** What a screen reader hears, and everybody reads. */
  status: string;
  items: HTMLElement[];
  /** How many pages each category would show; '' for all. */
  counts: ReadonlyMap<string, number>;
}

let loading: Promise<Pagefind> | undefined;

/** @throws when the index cannot be fetched; the next call tries again */
export function loadText(): Promise<Pagefind> {
  loading ??= (async () => {
    const module = await import(/* @vite-ignore */ indexAddress) as Pagefind;
    await module.options({ baseUrl: '/', excerptLength: 22, ranking: { metaWeights: { title: 8, aliases: 6 } } });
    // Only then do answers say how many pages each category has.
    await module.filters();
    return module;
  })();
  loading.catch(() => { loading = undefined; });
  return loading;
}

export async function searchText(query: string, category: string): Promise<TextHits> {
  const answer = await (await loadText()).search(query, { filters: category === '' ? {} : { category } });
  const fragments = await Promise.all(answer.results.slice(0, shownAtOnce).map((result) => result.data()));
  const counts = new Map(Object.entries((answer.totalFilters ?? answer.filters)['category'] ?? {}));
  return { status: sentence(query, category, answer.results.length), items: fragments.map(resultItem), counts: counts.set('', answer.unfilteredResultCount) };
}

function sentence(query: string, category: string, count: number): string {
  const where = category === '' ? '' : ` under ${category}`;
  if (count === 0) return `No page has “${query}”${where}. Try fewer or other words.`;
  const shown = count > shownAtOnce ? `; the best ${shownAtOnce} are shown` : '';
  return `${count} ${count === 1 ? 'page' : 'pages'}${where}${shown}`;
}

function resultItem({ url, excerpt, meta, sub_results }: Fragment): HTMLElement {
  const title = node('p', '', link(url, meta.title ?? url));
  if (meta.category !== undefined) title.append(' ', node('small', '', meta.category));
  const item = node('li', '', title, node('p', '', ...marked(excerpt)));
  const sections = sub_results.filter((section) => section.url !== url && !section.url.endsWith('#_top')).slice(0, 3);
  if (sections.length > 0) item.append(node('p', '', ...sections.map((section) => link(section.url, section.title))));
  return item;
}

/** Pagefind's excerpts are HTML with <mark>; only text and marks are taken over. */
function marked(excerpt: string): Node[] {
  const parsed = new DOMParser().parseFromString(excerpt, 'text/html');
  return [...parsed.body.childNodes].map((child) => (child.nodeName === 'MARK' ? node('mark', '', child.textContent ?? '') : document.createTextNode(child.textContent ?? '')));
}
