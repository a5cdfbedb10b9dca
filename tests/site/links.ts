export interface LinkedPage { address: string; document: Document }

/**
 * Every link inside the site that leads nowhere: to no file, to an address without its slash at the end, or to an anchor that no
 * element of the page has.
 * @param files paths below the site, without a leading slash
 * @param base path under which the site is built
 */
export function brokenLinks(pages: readonly LinkedPage[], files: readonly string[], origin: string, base = '/'): string[] {
  const known = new Set(files);
  const anchors = new Map(pages.map(({ address, document }) => [address, new Set([...document.querySelectorAll('[id]')].map(({ id }) => id))]));
  return pages.flatMap(({ address, document }) => linksOf(document).flatMap((link) => {
    if (/^(mailto|data|javascript):/.test(link)) return [];
    const url = new URL(link, `${origin}${base}${address.slice(1)}`);
    if (url.origin !== origin) return [];
    if (!url.pathname.startsWith(base)) return [`${address}: "${link}" leaves the site, which begins at "${base}"`];
    const target = `/${decodeURIComponent(url.pathname.slice(base.length))}`;
    if (!known.has(target.endsWith('/') ? `${target.slice(1)}index.html` : target.slice(1))) {
      const slash = known.has(`${target.slice(1)}/index.html`) ? `; write "${target}/"` : '';
      return [`${address}: "${link}" leads to no page${slash}`];
    }
    const anchor = decodeURIComponent(url.hash.slice(1));
    if (anchor === '' || anchor === '_top' || (anchors.get(target)?.has(anchor) ?? true)) return [];
    return [`${address}: "${link}": ${target} has no element with the id "${anchor}"`];
  }));
}

function linksOf(document: Document): string[] {
  // A canonical address is held by a test of its own.
  const named = [...document.querySelectorAll('[href]:not([rel="canonical"]), [src], form[action]')]
    .flatMap((element) => element.getAttribute('href') ?? element.getAttribute('src') ?? element.getAttribute('action') ?? []);
  const sets = [...document.querySelectorAll('[srcset]')].flatMap((element) => (element.getAttribute('srcset') ?? '').split(',').map((part) => part.trim().split(' ')[0] ?? ''));
  return [...new Set([...named, ...sets])];
}
