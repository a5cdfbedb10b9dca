/** One palette: patterns and problems by the finder's ranking, headings and text by Pagefind, and things to do. */
import { categoryLabels } from '../catalogue/names.ts';
import { loadCorpus } from '../finder/corpus.ts';
import type { Corpus } from '../finder/corpus.ts';
import { fitOf } from '../finder/fit.ts';
import type { IndexFile } from '../finder/index-file.ts';
import { rank } from '../finder/rank.ts';
import { emptyState, writeState } from '../finder/state.ts';
import sheetText from '../styles/palette.css?inline';
import { adoptSheet } from './adopt-sheet.ts';
import { button, link, node } from './nodes.ts';
import { loadText, searchText } from './pagefind.ts';
import type { WhenAsked } from './when-asked.ts';

const typingPauseMs = 120;
const mostPatterns = 4;
const mostProblems = 2;

export class Palette {
  readonly #root: HTMLElement;
  readonly #dialog: HTMLDialogElement;
  readonly #whenAsked: WhenAsked;
  #corpus: Promise<Corpus> | undefined;
  readonly #recent = node('section', 'palette-recent');
  /** Answers to older questions are thrown away. */
  #asked = 0;
  #pause: ReturnType<typeof setTimeout> | undefined;

  constructor(root: HTMLElement, dialog: HTMLDialogElement, whenAsked: WhenAsked) {
    this.#root = root;
    this.#dialog = dialog;
    this.#whenAsked = whenAsked;
    adoptSheet(sheetText);
    dialog.append(...parts());
    this.#one('.palette-actions').before(this.#recent);
    this.#one('.search-close').addEventListener('click', () => dialog.close());
    // A click on the dialog itself, not on what it holds, is one on the backdrop.
    dialog.addEventListener('click', (event) => {
      const target = event.target instanceof Element ? event.target : null;
      // A link to a place on this page leaves it open otherwise.
      if (target === dialog || target?.closest('a') !== null) dialog.close();
    });
    dialog.addEventListener('keydown', (event) => this.#move(event));
    dialog.addEventListener('input', ({ target }) => {
      if (target instanceof HTMLInputElement && target.type === 'checkbox') return;
      clearTimeout(this.#pause);
      this.#pause = setTimeout(() => void this.#search(), typingPauseMs);
    });
  }

  /** Shows what fits the words that stand in the box now. */
  refresh(): void {
    // A failure shows when something is asked.
    loadText().catch(() => undefined);
    this.#load().catch(() => undefined);
    void this.#search();
  }

  get #input(): HTMLInputElement { return this.#one('input[type=search]') as HTMLInputElement; }

  #one(selector: string): HTMLElement {
    const found = this.#dialog.querySelector<HTMLElement>(selector);
    if (found === null) throw new Error(`the palette has no ${selector}`);
    return found;
  }

  async #search(): Promise<void> {
    const asked = ++this.#asked;
    const query = this.#input.value.trim();
    this.#one('.palette-actions ul').replaceChildren(...this.#actions(query));
    this.#one('.palette-text').hidden = query === '';
    this.#recent.hidden = true;
    if (query === '') {
      this.#whenAsked(({ showRecent }) => {
        if (asked === this.#asked) showRecent(this.#recent);
      });
      this.#show('', []);
      this.#showCatalogue([]);
      for (const count of this.#dialog.querySelectorAll('.count')) count.textContent = '';
      return;
    }
    const category = this.#dialog.querySelector<HTMLInputElement>('input[type=radio]:checked')?.value ?? '';
    const found = this.#load().then((corpus) => catalogueItems(corpus, query)).catch(() => []).then((items) => {
      if (asked === this.#asked) this.#showCatalogue(items);
    });
    try {
      const { status, items, counts } = await searchText(query, category);
      await found;
      if (asked !== this.#asked) return;
      this.#count(counts);
      this.#show(status, items);
    } catch {
      if (asked !== this.#asked) return;
      this.#show(import.meta.env.DEV
        ? 'There is no index of the text while the site is being edited; `npm start` builds one.'
        : 'The index of the text could not be fetched. Check the connection and type again.', []);
    }
  }

  #load(): Promise<Corpus> {
    this.#corpus ??= fetch(this.#root.dataset['index'] ?? '').then((response) => response.json() as Promise<IndexFile>).then(loadCorpus);
    this.#corpus.catch(() => { this.#corpus = undefined; });
    return this.#corpus;
  }

  #showCatalogue(items: readonly HTMLElement[]): void {
    this.#one('.palette-catalogue').hidden = items.length === 0;
    this.#fill('.palette-catalogue ul', items);
  }

  #show(status: string, items: readonly HTMLElement[]): void {
    const found = this.#dialog.querySelectorAll('.palette-catalogue li').length;
    this.#one('.search-status').textContent = status === '' ? '' : `${found === 0 ? '' : `${found} in the catalogue. `}${status}`;
    this.#fill('ol', items);
  }

  /** Who stands on a result that goes is back in the box, not outside the dialog. */
  #fill(selector: string, items: readonly HTMLElement[]): void {
    const list = this.#one(selector);
    const held = list.contains(document.activeElement);
    list.replaceChildren(...items);
    if (held) this.#input.focus();
  }

  #count(counts: ReadonlyMap<string, number>): void {
    for (const radio of this.#dialog.querySelectorAll<HTMLInputElement>('input[type=radio]')) {
      const place = radio.parentElement?.querySelector('.count');
      if (place) place.textContent = ` ${counts.get(radio.value) ?? 0}`;
    }
  }

  /** All of them before anything is typed; then those that hold the words, and always the way to the finder. */
  #actions(query: string): HTMLElement[] {
    const turn = (): void => {
      this.#dialog.close();
      document.querySelector<HTMLElement>('theme-switch button')?.click();
    };
    const keys = (): void => {
      this.#dialog.close();
      this.#whenAsked(({ showKeys }) => showKeys());
    };
    const actions: { label: string; make: () => HTMLElement }[] = [
      { label: 'Go to the finder', make: () => link('/find/', 'Go to the finder') },
      { label: 'All patterns', make: () => link('/patterns/', 'All patterns') },
      { label: 'All problems', make: () => link('/problems/', 'All problems') },
      { label: 'Map', make: () => link('/map/', 'Map') },
      { label: 'Glossary', make: () => link('/glossary/', 'Glossary') },
      { label: 'Compare patterns', make: () => link('/compare/', 'Compare patterns') },
      { label: 'Read offline', make: () => link('/offline/', 'Read offline') },
      { label: 'Switch theme: dark or light', make: () => button('', 'Switch theme: dark or light', turn) },
      { label: 'Keys', make: () => button('', 'Keys', keys) },
    ];
    const fitting = actions.filter(({ label }) => label.toLowerCase().includes(query.toLowerCase())).map(({ make }) => make());
    return [...(query === '' ? [] : [link(`/find/${writeState({ ...emptyState, query })}`, `Find by problem: “${query}”`)]), ...fitting].map((action) => node('li', '', action));
  }

  #move(event: KeyboardEvent): void {
    if (event.target instanceof HTMLInputElement && event.target.type === 'radio') return;
    const stops = [this.#input, ...this.#dialog.querySelectorAll<HTMLElement>('ul a, ul button, ol a')];
    if (event.key === 'Enter' && event.target === this.#input) {
      event.preventDefault();
      stops[1]?.click();
    } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      const next = stops[stops.indexOf(event.target as HTMLElement) + (event.key === 'ArrowDown' ? 1 : -1)];
      if (next === undefined) return;
      event.preventDefault();
      next.focus();
    }
  }
}

/** What stands below the box, which the page brings. */
function parts(): HTMLElement[] {
  const status = node('p', 'search-status');
  status.role = 'status';
  const filters = node('fieldset', '', node('legend', 'sr-only', 'Only pages about'));
  for (const label of ['All', ...Object.values(categoryLabels), 'Problem']) {
    const radio = document.createElement('input');
    Object.assign(radio, { type: 'radio', name: 'search-category', value: label === 'All' ? '' : label, checked: label === 'All' });
    filters.append(node('label', 'chip', radio, label, node('span', 'count')));
  }
  return [
    status,
    part('palette-catalogue', 'In the catalogue', node('ul', '')),
    part('palette-actions', 'Do', node('ul', '')),
    part('palette-text', 'In the text', filters, node('ol', '')),
  ];
}

function part(name: string, title: string, ...rest: HTMLElement[]): HTMLElement {
  const heading = node('h2', 'kicker', title);
  heading.id = name;
  const section = node('section', name, heading, ...rest);
  section.setAttribute('aria-labelledby', name);
  section.hidden = name !== 'palette-actions';
  return section;
}

function catalogueItems(corpus: Corpus, query: string): HTMLElement[] {
  const ranking = rank(corpus, query);
  const start = query.toLowerCase();
  const named = corpus.patterns.filter(({ title }) => title.toLowerCase().startsWith(start));
  const fitting = ranking.patterns.filter((hit) => fitOf(ranking, hit) !== 'weak').flatMap(({ slug }) => corpus.patterns.filter((card) => card.slug === slug));
  const patterns = [...new Set([...named, ...fitting])].slice(0, mostPatterns);
  const problems = ranking.problems.filter((hit) => fitOf(ranking, hit) !== 'weak').slice(0, mostProblems).flatMap(({ slug }) => corpus.problems.filter((card) => card.slug === slug));
  return [
    // A pattern without a page is shown by the finder.
    ...patterns.map(({ slug, title, outline, category, categoryLabel }) => node('li', `in-${category}`, link(outline ? `/find/${writeState({ ...emptyState, query: title })}` : `/patterns/${slug}/`, title), node('small', '', outline ? `${categoryLabel} · page in preparation` : categoryLabel))),
    ...problems.map(({ slug, title }) => node('li', '', link(`/problems/${slug}/`, title), node('small', '', 'Problem'))),
  ];
}
