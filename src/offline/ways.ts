/** How a request of a page is answered; pure, so that each rule has a test. */

export type Way =
  /** By the network, as if there were no worker. */
  | 'pass'
  /** From whatever is kept: its name changes with its bytes. */
  | 'asset'
  /** By the network while it answers in time. */
  | 'page'
  /** From the release to which the asking page belongs. */
  | 'data';

export interface Asked { method: string; url: string; mode: string; cache: string }

/** @param scope address of the home page */
export function wayOf({ method, url, mode, cache }: Asked, scope: string): Way {
  // Whoever wants it from the network itself is not given what is kept: this is how a new release is fetched.
  if (method !== 'GET' || cache === 'no-store' || !url.startsWith(scope)) return 'pass';
  const path = pathIn(url, scope);
  if (/^offline(\.json|-worker\.js)$/.test(path)) return 'pass';
  if (/^_astro\/|^postgres\/|^pagefind\/(fragment|index|filter)\/|\.pf_meta$/.test(path)) return 'asset';
  return mode === 'navigate' || path === '' || path.endsWith('/') || path.endsWith('.md') ? 'page' : 'data';
}

/** The path below the site under which a file is kept: without a question, a place on the page, and `index.html`. */
export function pathIn(url: string, scope: string): string {
  const { origin, pathname } = new URL(url);
  return decoded(`${origin}${pathname}`.slice(scope.length)).replace(/(^|\/)index\.html$/, '$1');
}

function decoded(path: string): string {
  try {
    return decodeURI(path);
  } catch {
    return path;
  }
}
