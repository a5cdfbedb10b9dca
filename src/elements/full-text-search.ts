/** The search dialog. Pagefind is fetched when it first opens; its results are painted as text, never as HTML. */
const indexAddress = '/pagefind/pagefind.js';
const shownAtOnce = 8;
const typingPauseMs = 120;

interface Excerpt { url: string; excerpt: string }
interface Fragment extends Excerpt { meta: { title?: string; category?: string }; sub_results: (Excerpt & { title: string })[] }
interface Answer { results: { data: () => Promise<Fragment> }[]; filters: Record<string, Record<string, number>>; totalFilters?: Record<string, Record<string, number>>; unfilteredResultCount: number }
interface Pagefind {
  options: (options: object) => Promise<void>;
  filters: () => Promise<unknown>;
  search: (query: string, options: { filters: Record<string, string> }) => Promise<Answer>;
}

class FullTextSearch extends HTMLElement {
  #pagefind: Promise<Pagefind> | undefined;
  /** Answers to older questions are thrown away. */
  #asked = 0;
  #pause = 0;

  connectedCallback(): void {
    this.#one('.search-open').addEventListener('click', () => this.#open());
    this.#one('.search-close').addEventListener('click', () => this.#dialog.close());
    // A click on the dialog itself, not on what it holds, is one on the backdrop.
    this.#dialog.addEventListener('click', (event) => { if (event.target === this.#dialog) this.#dialog.close(); });
    this.#dialog.addEventListener('keydown', (event) => this.#moveAmongResults(event));
    this.#dialog.addEventListener('input', () => {
      clearTimeout(this.#pause);
      this.#pause = window.setTimeout(() => void this.#search(), typingPauseMs);
    });
    document.addEventListener('keydown', (event) => {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
      event.preventDefault();
      this.#open();
    });
  }

  get #dialog(): HTMLDialogElement { return this.#one('dialog') as HTMLDialogElement; }
  get #input(): HTMLInputElement { return this.#one('input[type=search]') as HTMLInputElement; }

  #one(selector: string): HTMLElement {
    const found = this.querySelector<HTMLElement>(selector);
    if (found === null) throw new Error(`<full-text-search> has no ${selector}`);
    return found;
  }

  #open(): void {
    if (!this.#dialog.open) this.#dialog.showModal();
    this.#input.select();
    // A failure shows when something is asked.
    this.#load().catch(() => undefined);
  }

  #load(): Promise<Pagefind> {
    this.#pagefind ??= (async () => {
      const module = await import(/* @vite-ignore */ indexAddress) as Pagefind;
      await module.options({ excerptLength: 22, ranking: { metaWeights: { title: 8, aliases: 6 } } });
      // Only then do answers say how many pages each category has.
      await module.filters();
      return module;
    })();
    this.#pagefind.catch(() => { this.#pagefind = undefined; });
    return this.#pagefind;
  }

  async #search(): Promise<void> {
    const asked = ++this.#asked;
    const query = this.#input.value.trim();
    if (query === '') return this.#show('', []);
    const category = this.querySelector<HTMLInputElement>('input[type=radio]:checked')?.value ?? '';
    let pagefind: Pagefind;
    try {
      pagefind = await this.#load();
    } catch {
      return this.#show(import.meta.env.DEV
        ? 'There is no index while the site is being edited; `npm start` builds one.'
        : 'The index could not be fetched. Check the connection and type again.', []);
    }
    const answer = await pagefind.search(query, { filters: category === '' ? {} : { category } });
    const fragments = await Promise.all(answer.results.slice(0, shownAtOnce).map((result) => result.data()));
    if (asked !== this.#asked) return;
    this.#count(answer);
    this.#show(sentence(query, category, answer.results.length), fragments.map(resultItem));
  }

  #show(status: string, items: HTMLElement[]): void {
    this.#one('.search-status').textContent = status;
    this.#one('ol').replaceChildren(...items);
    if (this.#input.value.trim() === '') for (const count of this.querySelectorAll('.count')) count.textContent = '';
  }

  /** How many pages each category would show. */
  #count({ totalFilters, filters, unfilteredResultCount }: Answer): void {
    const counts = (totalFilters ?? filters)['category'] ?? {};
    for (const radio of this.querySelectorAll<HTMLInputElement>('input[type=radio]')) {
      const count = radio.value === '' ? unfilteredResultCount : counts[radio.value] ?? 0;
      const place = radio.parentElement?.querySelector('.count');
      if (place) place.textContent = ` ${count}`;
    }
  }

  #moveAmongResults(event: KeyboardEvent): void {
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp' || event.target instanceof HTMLInputElement && event.target.type === 'radio') return;
    const stops = [this.#input, ...this.querySelectorAll<HTMLElement>('ol a')];
    const next = stops[stops.indexOf(event.target as HTMLElement) + (event.key === 'ArrowDown' ? 1 : -1)];
    if (next === undefined) return;
    event.preventDefault();
    next.focus();
  }
}

function sentence(query: string, category: string, count: number): string {
  const where = category === '' ? '' : ` under ${category}`;
  if (count === 0) return `No page has “${query}”${where}. Try fewer or other words.`;
  const shown = count > shownAtOnce ? `; the best ${shownAtOnce} are shown` : '';
  return `${count} ${count === 1 ? 'page' : 'pages'}${where}${shown}`;
}

function resultItem({ url, excerpt, meta, sub_results }: Fragment): HTMLElement {
  const item = element('li');
  const title = element('p', link(url, meta.title ?? url));
  if (meta.category !== undefined) title.append(' ', element('small', meta.category));
  item.append(title, element('p', ...marked(excerpt)));
  const sections = sub_results.filter((section) => section.url !== url && !section.url.endsWith('#_top')).slice(0, 3);
  if (sections.length > 0) item.append(element('p', ...sections.map((section) => link(section.url, section.title))));
  return item;
}

/** Pagefind's excerpts are HTML with <mark>; only text and marks are taken over. */
function marked(excerpt: string): Node[] {
  const parsed = new DOMParser().parseFromString(excerpt, 'text/html');
  return [...parsed.body.childNodes].map((node) => (node.nodeName === 'MARK' ? element('mark', node.textContent ?? '') : document.createTextNode(node.textContent ?? '')));
}

function link(href: string, text: string): HTMLElement {
  const anchor = element('a', text) as HTMLAnchorElement;
  anchor.href = href;
  return anchor;
}

function element(name: string, ...children: (Node | string)[]): HTMLElement {
  const made = document.createElement(name);
  made.append(...children);
  return made;
}

customElements.define('full-text-search', FullTextSearch);
