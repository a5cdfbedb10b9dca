/** The button and the key that open the palette; what is in it comes when it first opens. */
import type { Palette } from './palette.ts';
import { whenAsked } from './when-asked.ts';

class FullTextSearch extends HTMLElement {
  #palette: Promise<Palette> | undefined;

  connectedCallback(): void {
    this.querySelector('.search-open')?.addEventListener('click', () => this.#open());
    document.addEventListener('keydown', (event) => {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
      event.preventDefault();
      this.#open();
    });
  }

  #open(): void {
    const dialog = this.querySelector('dialog');
    if (dialog === null) return;
    // Open at once: what is typed until the rest is there is answered then.
    if (!dialog.open) dialog.showModal();
    dialog.querySelector('input')?.select();
    this.#palette ??= import('./palette.ts').then(({ Palette: Loaded }) => new Loaded(this, dialog, whenAsked));
    this.#palette.then((palette) => palette.refresh()).catch(() => { this.#palette = undefined; });
  }
}

customElements.define('full-text-search', FullTextSearch);
