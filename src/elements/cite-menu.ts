import { isForUs } from './single-keys.ts';
import { whenAsked } from './when-asked.ts';

/** Opens the menu with its button or the key C. What is in it comes when it first opens. */
class CiteMenu extends HTMLElement {
  connectedCallback(): void {
    const details = this.querySelector('details');
    const summary = this.querySelector('summary');
    if (details === null || summary === null) return;
    summary.ariaKeyShortcuts = 'c';
    // A click on the button ends a selection, but not before this.
    let words = '';
    let byKey = false;
    summary.addEventListener('pointerdown', () => { words = selectedWords(); });
    details.addEventListener('toggle', () => {
      const [quoted, pressed] = [words || selectedWords(), byKey];
      words = '';
      byKey = false;
      // Without it, the links to the files stay.
      if (details.open) import('./cite-panel.ts').then(({ openPanel }) => openPanel(details, quoted, pressed, whenAsked)).catch(() => {});
    });
    document.addEventListener('keydown', (event) => {
      if (event.key !== 'c' || details.open || !isForUs(event)) return;
      byKey = details.open = true;
    });
  }
}

function selectedWords(): string {
  const selection = getSelection();
  return document.querySelector('main')?.contains(selection?.anchorNode ?? null) ? String(selection) : '';
}

customElements.define('cite-menu', CiteMenu);
