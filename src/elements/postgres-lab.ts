/** The door to PostgreSQL in the page: a button that says what it costs. Everything else comes on its click. */
class PostgresLab extends HTMLElement {
  connectedCallback(): void {
    const button = this.querySelector('button');
    if (button === null) return;
    button.disabled = false;
    button.addEventListener('click', async () => {
      button.disabled = true;
      const { openLab } = await import('./postgres-bench.ts');
      openLab(this);
    });
  }
}

customElements.define('postgres-lab', PostgresLab);
