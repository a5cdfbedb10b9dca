/** Picks a pattern by typing a part of one of its names: arrows lead through what fits, Enter takes the first. */
import { foundNames } from '../comparing/names.ts';
import type { KnownName } from '../comparing/names.ts';
import { button, node } from './nodes.ts';

/** More than these nobody reads; before anything is typed all of them are there to look through. */
const mostFound = 8;

export interface PickerOptions {
  /** Those that can be taken, the likeliest first. */
  open: () => Promise<readonly KnownName[]>;
  pick: (pattern: KnownName) => void;
  cancel: () => void;
  /** To a screen reader. */
  say: (text: string) => void;
}

export class ComparisonPicker {
  readonly #input: HTMLInputElement;
  readonly #label: HTMLElement;
  readonly #usual: string;
  readonly #list: HTMLElement;
  readonly #options: PickerOptions;
  /** Answers to older words are thrown away. */
  #turn = 0;

  constructor(place: HTMLElement, options: PickerOptions) {
    const [input, label, list] = [place.querySelector('input'), place.querySelector('label'), place.querySelector('ul')];
    if (input === null || label === null || list === null) throw new Error('the picker lacks its input, its label or its list');
    [this.#input, this.#label, this.#list, this.#options] = [input, label, list, options];
    this.#usual = label.textContent ?? '';
    input.addEventListener('input', () => void this.#offer());
    // Whoever comes here after a choice is still told what came of it.
    input.addEventListener('focus', () => void this.#offer(false));
    place.addEventListener('keydown', (event) => this.#move(event));
    place.addEventListener('focusout', ({ relatedTarget }) => {
      if (!(relatedTarget instanceof Node && place.contains(relatedTarget))) this.#close();
    });
    // A press on the list keeps the focus inside, also where buttons do not take it.
    list.addEventListener('pointerdown', (event) => event.preventDefault());
    if (document.activeElement === input) void this.#offer(false);
  }

  /** @param label what the next pick is for, where it is not the usual thing */
  ask(label?: string, focus = false): void {
    this.#label.textContent = label ?? this.#usual;
    this.#input.value = '';
    this.#close();
    if (focus) this.#input.focus();
  }

  #close(): void {
    this.#turn++;
    this.#list.hidden = true;
    this.#list.replaceChildren();
  }

  async #offer(speaks = true): Promise<void> {
    const turn = ++this.#turn;
    const open = await this.#options.open();
    if (turn !== this.#turn) return;
    const typed = this.#input.value.trim();
    const found = typed === '' ? open : foundNames(typed, open).slice(0, mostFound);
    this.#list.replaceChildren(...found.map((pattern) => node('li', `in-${pattern.category}`, button('', pattern.title, () => this.#take(pattern)), ...note(pattern, typed))));
    this.#list.hidden = found.length === 0;
    if (speaks) this.#options.say(found.length === 0 ? 'No pattern fits.' : `${found.length} ${found.length === 1 ? 'pattern fits' : 'patterns fit'}.`);
  }

  #take(pattern: KnownName): void {
    this.ask(this.#label.textContent ?? undefined);
    this.#options.pick(pattern);
    this.#input.focus();
    this.#close();
  }

  #move(event: KeyboardEvent): void {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const stops = [this.#input, ...this.#list.querySelectorAll('button')];
    if (event.key === 'Escape') {
      this.ask();
      this.#options.cancel();
      this.#input.focus();
      this.#close();
    } else if (event.key === 'Enter' && event.target === this.#input) {
      event.preventDefault();
      // The list may still be that of fewer letters.
      void this.#offer().then(() => this.#list.querySelector('button')?.click());
    } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      const next = stops[stops.findIndex((stop) => stop === event.target) + (event.key === 'ArrowDown' ? 1 : -1)];
      if (next === undefined) return;
      event.preventDefault();
      next.focus();
    }
  }
}

/** Why it fits, where its title does not say so. */
function note({ title, aliases, hasPage }: KnownName, typed: string): HTMLElement[] {
  const alias = typed === '' || title.toLowerCase().includes(typed.toLowerCase()) ? undefined : aliases.find((each) => each.toLowerCase().includes(typed.toLowerCase()));
  const words = [...(alias === undefined ? [] : [alias]), ...(hasPage ? [] : ['page in preparation'])];
  return words.length === 0 ? [] : [node('small', '', words.join(' · '))];
}
