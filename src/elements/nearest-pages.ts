/** Says, at an address that leads nowhere, which page may have been meant. */
import { pinnedAt } from '../citing/addresses.ts';
import { nearestPages } from '../citing/nearest-pages.ts';
import type { ListedPage, Nearest } from '../citing/nearest-pages.ts';
import { fromRoot } from './from-root.ts';
import { link, node } from './nodes.ts';
import type { Child } from './nodes.ts';

class NearestPages extends HTMLElement {
  async connectedCallback(): Promise<void> {
    const base = fromRoot('/');
    const path = location.pathname.startsWith(base) ? location.pathname.slice(base.length - 1) : location.pathname;
    // Without the list the page still has its own.
    const listed = await fetch(fromRoot('/find/pages.json')).then((response) => response.json() as Promise<ListedPage[]>, () => []);
    const words = wordsOf(nearestPages(path, listed));
    if (words.length > 0) this.append(node('p', '', ...words));
  }
}

function wordsOf({ version, pages }: Nearest): Child[] {
  if (version !== undefined) {
    const { asked, page: [path, title, ...versions] } = version;
    return [`“${title}” has no version ${asked}. There is `, ...joined(versions.map((each) => link(pinnedAt(path, each), `version ${each}`)), ' and '), '; the latest is always at ', link(path, title), '.'];
  }
  return pages.length === 0 ? [] : ['Did you mean ', ...joined(pages.map(([path, title]) => link(path, title)), ' or '), '?'];
}

function joined(links: readonly Child[], last: string): Child[] {
  return links.flatMap((each, index) => (index === 0 ? [each] : [index === links.length - 1 ? last : ', ', each]));
}

customElements.define('nearest-pages', NearestPages);
