/**
 * Every address with the site's host in a text that does not begin at the base, or has no file behind it. For whatever is
 * read elsewhere: twins, cards, feeds, citations, structured data.
 * @param files paths below the site, without a leading slash
 */
export function brokenAddresses(file: string, text: string, files: ReadonlySet<string>, origin: string, base: string): string[] {
  return addressesIn(text, origin).flatMap((address) => {
    const { pathname } = new URL(address);
    if (!pathname.startsWith(base)) return [`${file}: ${address} does not begin at ${base}`];
    const path = decodeURIComponent(pathname.slice(base.length));
    return files.has(path === '' || path.endsWith('/') ? `${path}index.html` : path) ? [] : [`${file}: ${address} leads to no file`];
  });
}

/** Until something that no address of ours holds: a bracket, a quotation mark, a backslash, or the full stop of a sentence. */
export function addressesIn(text: string, origin: string): string[] {
  const pattern = new RegExp(`${origin.replaceAll('.', '\\.')}(?![\\w.-])[^\\s"'<>()[\\]{}\\\\|\`]*`, 'g');
  return [...new Set([...text.matchAll(pattern)].map(([address]) => address.replaceAll('&amp;', '&').replace(/[.,;:!?]+$/, '')))];
}
