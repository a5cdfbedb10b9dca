/** Keeps in the address what a reader chose on the map, and says how much is left of the table. The page's style rules do the rest. */
class RelationMap extends HTMLElement {
  connectedCallback(): void {
    this.#read();
    addEventListener('popstate', () => this.#read());
    this.addEventListener('change', () => {
      this.#write();
      const status = this.querySelector('[role="status"]');
      const rows = [...this.querySelectorAll('tbody tr')];
      if (status !== null) status.textContent = `${rows.filter((row) => row.checkVisibility()).length} of ${rows.length} relations`;
    });
  }

  /** A value that there is no choice for is passed over. */
  #read(): void {
    const asked = new URLSearchParams(location.search);
    for (const name of names) {
      const value = asked.get(name) ?? '';
      for (const radio of this.querySelectorAll<HTMLInputElement>(`input[name="${name}"]`)) if (radio.value === value) radio.checked = true;
      for (const option of this.querySelectorAll<HTMLOptionElement>(`[name="${name}"] option`)) if (option.value === value) option.selected = true;
    }
  }

  #write(): void {
    const chosen = new URLSearchParams();
    for (const name of names) {
      const value = this.querySelector<HTMLInputElement | HTMLSelectElement>(`:is(input[name="${name}"]:checked, select[name="${name}"])`)?.value ?? '';
      if (value !== '') chosen.set(name, value);
    }
    history.replaceState(null, '', `${location.pathname}${chosen.size === 0 ? '' : `?${chosen}`}${location.hash}`);
  }
}

const names = ['category', 'relation', 'pattern'];

customElements.define('relation-map', RelationMap);
