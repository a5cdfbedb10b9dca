/**
 * Every address with the site's host in a text that does not begin at the base, has no file behind it, or names an anchor that
 * its page does not have. For whatever is read elsewhere: twins, cards, feeds, citations, structured data.
 * @param files paths below the site, without a leading slash
 * @param pages of which the anchors are known
 */
export function brokenAddresses(file: string, text: string, files: ReadonlySet<string>, pages: ReadonlyMap<string, Document>, origin: string, base: string): string[] {
  return addressesIn(text, origin).flatMap((address) => {
    const { pathname, hash } = new URL(address);
    if (!pathname.startsWith(base)) return [`${file}: ${address} does not begin at ${base}`];
    const path = decodeURIComponent(pathname.slice(base.length));
    const target = path === '' || path.endsWith('/') ? `${path}index.html` : path;
    if (!files.has(target)) return [`${file}: ${address} leads to no file`];
    const page = pages.get(`/${path}`);
    return hash === '' || page === undefined || page.getElementById(decodeURIComponent(hash.slice(1))) !== null ? [] : [`${file}: ${address} names an anchor that the page does not have`];
  });
}

/** Until something that no address of ours holds: a bracket, a quotation mark, a backslash, or the full stop of a sentence. */
export function addressesIn(text: string, origin: string): string[] {
  const pattern = new RegExp(`${origin.replaceAll('.', '\\.')}(?![\\w.-])[^\\s"'<>()[\\]{}\\\\|\`]*`, 'g');
  return [...new Set([...text.matchAll(pattern)].map(([address]) => address.replaceAll('&amp;', '&').replace(/[.,;:!?]+$/, '')))];
}
