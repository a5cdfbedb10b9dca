/** `<recent-pages>`: what was read last, on the first page. */
import { whenAsked } from './when-asked.ts';

class RecentPages extends HTMLElement {
  connectedCallback(): void {
    try {
      if (localStorage['recent']) whenAsked(({ showRecent }) => showRecent(this));
    } catch { /* nothing was kept */ }
  }
}

customElements.define('recent-pages', RecentPages);
