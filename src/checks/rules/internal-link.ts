import { editDistance, nearestWord } from '../../catalogue/nearest.ts';
import { parseRedirects, redirected, redirectsFile } from '../../catalogue/redirects.ts';
import type { Redirect } from '../../catalogue/redirects.ts';
import { addressOf, addressesOf } from '../addresses.ts';
import type { Addresses } from '../addresses.ts';
import { atOffset } from '../breach.ts';
import type { ContentTree, SourcePage } from '../content-tree.ts';
import { isInside, linksOf } from '../links.ts';
import type { Link } from '../links.ts';
import { writtenPages } from '../page-kinds.ts';
import type { Breach, Rule } from '../rule.ts';

export const internalLink: Rule = {
  id: 'internal-link',
  title: 'A link inside the atlas leads somewhere',
  holds: 'always',
  inThread: true,
  async check(tree) {
    const addresses = await addressesOf(tree);
    const redirects = tree.has(redirectsFile) ? parseRedirects(tree.read(redirectsFile)).redirects : [];
    return writtenPages(tree).flatMap((page) => linksOf(page).filter(isInside).flatMap((link) => breach(tree, page, link, addresses, redirects) ?? []));
  },
};

function breach(tree: ContentTree, page: SourcePage, link: Link, addresses: Addresses, redirects: readonly Redirect[]): Breach | undefined {
  const { url, start, end } = link;
  const said = (found: string, expected: string, near: string | undefined, isSure = near !== undefined && editDistance(near, url) <= 2): Breach => atOffset(tree, page.file, start, {
    found, expected, nearest: near,
    mend: near === undefined ? 'write an address that is there; lists of all pages are /patterns/, /problems/ and /guides/' : `write ${near}`,
    fix: isSure && near !== undefined ? { file: page.file, start, end, text: near } : undefined,
  });
  if (!/^[/#]/.test(url)) return said(`"${url}", which is taken from where the reader stands`, 'an address from the root, such as /patterns/saga/', addresses.has(`/${url.replace(/^(?:\.*\/)+/, '')}`) ? `/${url.replace(/^(?:\.*\/)+/, '')}` : undefined, false);
  const [path = '', place] = url.replace(/\?[^#]*/, '').split('#');
  const address = path === '' ? addressOf(page) : decoded(path);
  if (!addresses.has(address)) {
    // Its slash alone is the matter of another rule.
    if (addresses.has(`${address}/`)) return undefined;
    const moved = redirected(url, redirects) ?? redirected(address, redirects);
    if (moved !== undefined) return said(`"${url}", which has moved`, 'the address where it stands now', moved, true);
    const outline = tree.pages.find((page) => page.status === 'outline' && addressOf(page) === address);
    if (outline !== undefined) return { ...said(`"${url}", whose page is still to be written (${outline.file} is an outline)`, 'an address that the site has', undefined), mend: 'name it in plain words; `relations` and `see` in the frontmatter lead there by themselves once it has a page' };
    const near = nearestAddress(address, addresses);
    return said(`"${url}", which leads to no page`, 'an address that the site has', near === undefined ? undefined : `${near}${place === undefined ? '' : `#${place}`}`);
  }
  const places = place === undefined || place === '' ? undefined : addresses.placesOn(address);
  if (place === undefined || places === undefined || places.has(decoded(place))) return undefined;
  const moved = redirected(`${address}#${place}`, redirects);
  if (moved !== undefined) return said(`"${url}", which has moved`, 'the address where it stands now', moved, true);
  const near = nearestWord(place, places);
  return said(`"${url}", where ${address} has no place "${place}"`, places.size === 0 ? 'a link without a place' : `one of ${[...places].join(', ')}`, near === undefined ? undefined : `${path}#${near}`);
}

/** The same page in another part of the site, or one that is spelt nearly so. */
function nearestAddress(address: string, { pages }: Addresses): string | undefined {
  const slug = address.split('/').at(-2);
  return pages.find((page) => slug !== undefined && slug !== '' && page.split('/').at(-2) === slug) ?? nearestWord(address, pages);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
