import { codeLicence } from '../citing/code-licence.ts';

/** Copies the code of the figure it stands in, and with it what others may do with it. */
class CopyCode extends HTMLElement {
  connectedCallback(): void {
    const button = this.querySelector('button');
    const code = this.closest('figure')?.querySelector('pre');
    if (button === null || code === null || code === undefined) return;
    const label = button.textContent;
    button.addEventListener('click', async () => {
      const lines = [...code.querySelectorAll('code > div')].map((line) => (line.textContent ?? '').replace(/\n$/, ''));
      try {
        await navigator.clipboard.writeText(`${codeLicence}\n${lines.length > 0 ? lines.join('\n') : code.textContent ?? ''}`);
        button.textContent = 'Copied';
      } catch {
        button.textContent = 'Copying is not allowed here';
      }
      setTimeout(() => { button.textContent = label; }, 2000);
    });
  }
}

customElements.define('copy-code', CopyCode);
