/** The buttons that say how much of a page is open. What opens and closes it comes when somebody wants less than all. */
class ReadingLevel extends HTMLElement {
  connectedCallback(): void {
    const { read = 'all' } = document.documentElement.dataset;
    const show = (level: string, chosen: boolean): void => void import('./reading-sections.ts').then(({ showLevel }) => showLevel(this, level, chosen)).catch(() => {});
    this.querySelector(`[value="${read}"]`)?.setAttribute('aria-pressed', 'true');
    if (read !== 'all') show(read, false);
    this.addEventListener('click', ({ target }) => {
      if (target instanceof HTMLButtonElement) show(target.value, true);
    });
  }
}

customElements.define('reading-level', ReadingLevel);
