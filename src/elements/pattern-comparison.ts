/** Two to four patterns side by side. What works on it comes when the address asks for it, or when a reader goes to the picker or takes something along. */
import type { ComparisonDesk } from './comparison-desk.ts';

class PatternComparison extends HTMLElement {
  #desk: Promise<ComparisonDesk> | undefined;

  connectedCallback(): void {
    this.querySelector('.picker')?.addEventListener('focusin', () => this.#wake());
    this.addEventListener('click', (event) => {
      const pressed = event.target instanceof Element ? event.target.closest<HTMLButtonElement>('button[data-do]') : null;
      if (pressed !== null) this.#wake().then((desk) => desk.takeAlong(pressed)).catch(() => { pressed.textContent = 'That could not be loaded'; });
    });
    if (this.dataset['of'] === undefined && /[?&]of=/.test(location.search)) this.#wake();
  }

  #wake(): Promise<ComparisonDesk> {
    this.#desk ??= import('./comparison-desk.ts').then(({ ComparisonDesk: Loaded }) => new Loaded(this));
    // What failed is tried again.
    this.#desk.catch(() => { this.#desk = undefined; });
    return this.#desk;
  }
}

customElements.define('pattern-comparison', PatternComparison);
