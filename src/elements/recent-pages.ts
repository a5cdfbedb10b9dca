/** `<recent-pages>`: what was read last, on the first page. */
import { showRecent } from './recently-read.ts';

class RecentPages extends HTMLElement {
  connectedCallback(): void {
    showRecent(this);
  }
}

customElements.define('recent-pages', RecentPages);
