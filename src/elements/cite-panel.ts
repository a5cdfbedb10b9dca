/** What the Cite menu holds once it is open: each format to copy, what was copied, and a switch for its key. */
import { quotationLabel } from '../citing/citations.ts';
import type { Citations } from '../citing/citations.ts';
import { markdownQuotation } from '../citing/markdown-citation.ts';
import sheetText from '../styles/cite-panel.css?inline';
import { adoptSheet } from './adopt-sheet.ts';
import { button, copyWith, node } from './nodes.ts';
import type { WhenAsked } from './when-asked.ts';

let panel: CitePanel | undefined;

/** @param words what the reader selected @param byKey whether the focus goes into the panel, and back when it closes */
export function openPanel(details: HTMLDetailsElement, words: string, byKey: boolean, whenAsked: WhenAsked): Promise<void> {
  panel ??= new CitePanel(details, whenAsked);
  return panel.open(words.trim(), byKey);
}

class CitePanel {
  readonly #details: HTMLDetailsElement;
  readonly #panel: HTMLElement;
  readonly #whenAsked: WhenAsked;
  /** The links of the page as it came: files, and what else can be copied from an address. */
  readonly #files: HTMLAnchorElement[];
  readonly #status = node('p', 'cite-status');
  readonly #text = node('textarea');
  #citations: Promise<Citations> | undefined;
  #giveBack = (): void => {};

  constructor(details: HTMLDetailsElement, whenAsked: WhenAsked) {
    const place = details.querySelector<HTMLElement>('.cite-panel');
    if (place === null) throw new Error('the Cite menu has no panel');
    this.#details = details;
    this.#whenAsked = whenAsked;
    this.#panel = place;
    this.#files = [...place.querySelectorAll('a')];
    this.#status.setAttribute('role', 'status');
    this.#text.readOnly = true;
    this.#text.rows = 5;
    this.#text.hidden = true;
    adoptSheet(sheetText);
    details.addEventListener('keydown', (event) => this.#move(event));
    const closeOutside = (target: EventTarget | null): void => {
      if (details.open && target instanceof Node && !details.contains(target)) details.open = false;
    };
    document.addEventListener('pointerdown', ({ target }) => closeOutside(target));
    details.addEventListener('focusout', ({ relatedTarget }) => closeOutside(relatedTarget));
  }

  async open(words: string, byKey: boolean): Promise<void> {
    this.#giveBack = byKey ? placeOfReader() : () => this.#summary.focus();
    // The button may be far above.
    this.#panel.classList.toggle('cite-aside', byKey && this.#summary.getBoundingClientRect().bottom < 0);
    this.#status.textContent = '';
    this.#text.hidden = true;
    try {
      this.#show(await this.#load(), words);
    } catch {
      this.#status.textContent = 'The texts could not be fetched; the files are still there.';
      this.#panel.append(this.#status);
    }
    if (byKey) this.#panel.querySelector<HTMLElement>('button, a')?.focus({ preventScroll: true });
  }

  get #summary(): HTMLElement { return this.#details.querySelector('summary') ?? this.#details; }

  #load(): Promise<Citations> {
    // Beside the files, whatever the base of the site.
    this.#citations ??= fetch(new URL('cite.menu.json', this.#files[0]?.href)).then((response) => response.json() as Promise<Citations>);
    this.#citations.catch(() => { this.#citations = undefined; });
    return this.#citations;
  }

  #show({ citations, attribution }: Citations, words: string): void {
    const rows = citations.map(({ label, text, file }) => {
      const quotes = label === quotationLabel && words !== '';
      return this.#row(quotes ? 'Quotation of what you selected' : label, this.#files.find(({ pathname }) => file !== undefined && pathname.endsWith(`/${file}`)), () => quotes ? markdownQuotation(words, attribution) : text);
    });
    const more = this.#files.filter(({ pathname }) => !/\/cite\.[a-z]+$/.test(pathname))
      .map((file) => this.#row(file.textContent ?? '', file, () => fetch(file.href).then((response) => response.text())));
    this.#panel.replaceChildren(node('ul', '', ...rows, ...more), this.#status, this.#text, button('cite-keys', 'C opens this: all keys', () => this.#whenAsked(({ showKeys }) => showKeys())));
  }

  #row(label: string, file: HTMLAnchorElement | undefined, textOf: () => string | Promise<string>): HTMLElement {
    const name = node('span', '', label);
    const copy = button('chip', 'Copy', (pressed) => void this.#copy(pressed, label, textOf()));
    // "Copy" and, once it is done, "Copied", each with what.
    name.id = `cite-${label.toLowerCase().replaceAll(' ', '-')}`;
    copy.id = `${name.id}-copy`;
    copy.setAttribute('aria-labelledby', `${copy.id} ${name.id}`);
    const download = file?.cloneNode() as HTMLAnchorElement | undefined;
    if (download !== undefined) {
      download.textContent = `.${download.pathname.split('.').at(-1)}`;
      download.setAttribute('aria-label', `${label} as ${download.textContent}`);
    }
    return node('li', '', name, ...(download === undefined ? [] : [download]), copy);
  }

  async #copy(pressed: HTMLButtonElement, label: string, coming: string | Promise<string>): Promise<void> {
    try {
      const text = await coming;
      const copied = await copyWith(pressed, text);
      this.#text.value = text;
      this.#text.hidden = false;
      this.#text.setAttribute('aria-label', `Text of: ${label}`);
      this.#status.textContent = copied ? `Copied: ${label}` : 'Copying is not allowed here. The text is selected below.';
      if (copied) this.#text.setSelectionRange(0, 0);
      else this.#text.select();
    } catch {
      this.#status.textContent = `${label} could not be fetched. Check the connection and press again.`;
    }
  }

  #move(event: KeyboardEvent): void {
    if (event.key === 'Escape' && this.#details.open) {
      event.preventDefault();
      this.#details.open = false;
      this.#giveBack();
    } else if ((event.key === 'ArrowDown' || event.key === 'ArrowUp') && event.target !== this.#text) {
      const stops = [this.#summary, ...this.#panel.querySelectorAll<HTMLElement>('li button')];
      const row = event.target instanceof Element ? event.target.closest('li')?.querySelector('button') : null;
      const next = stops[stops.indexOf(row ?? this.#summary) + (event.key === 'ArrowDown' ? 1 : -1)];
      if (next === undefined || !this.#details.open) return;
      event.preventDefault();
      next.focus();
    }
  }
}

/** @returns what leads a reader back to where the key was pressed: the focus, or what was selected. */
function placeOfReader(): () => void {
  const focused = document.activeElement;
  const selection = getSelection();
  const range = selection !== null && selection.rangeCount > 0 ? selection.getRangeAt(0) : undefined;
  return () => {
    if (focused instanceof HTMLElement && focused !== document.body) {
      focused.focus({ preventScroll: true });
      return;
    }
    (document.activeElement as HTMLElement | null)?.blur();
    if (range === undefined) return;
    selection?.removeAllRanges();
    selection?.addRange(range);
  };
}
