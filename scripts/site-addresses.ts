/** Every address of a built site that somebody may have written down: pages, places on them, and files with a fixed name. */
import type { Catalogue } from '../src/catalogue/files.ts';

export interface ParsedPage { address: string; document: Document }

/** @param files paths below the site, without a leading slash */
export function addressesOf(pages: readonly ParsedPage[], files: readonly string[]): string[] {
  const own = files.flatMap((file) => (/(^|\/)index\.html$/.test(file) ? [`/${file.slice(0, -'index.html'.length)}`] : isLasting(file) ? [`/${file}`] : []));
  return [...new Set([...own, ...pages.flatMap((page) => anchorsOf(page).map((id) => `${page.address}#${id}`))])].sort();
}

/** Without those of drafts, which may still go: no page of theirs, no comparison, no file of their program is given out before the review. */
export function givenOut(addresses: readonly string[], { patterns, problems, guides }: Pick<Catalogue, 'patterns' | 'problems' | 'guides'>): string[] {
  const drafts = [...patterns, ...problems, ...guides].filter(({ data }) => data.status === 'draft');
  const begun = drafts.flatMap(({ slug, data: { kind } }) => [`/${kind}s/${slug}/`, ...(kind === 'problem' ? [] : [`/examples/${slug}/`, `/examples/${slug}.json`])]);
  const named = new Set(drafts.flatMap(({ slug, data: { kind } }) => (kind === 'pattern' ? [slug] : [])));
  const isBegun = (address: string): boolean => begun.some((start) => address.startsWith(start)) || (/^\/compare\/([^/]+)\//.exec(address)?.[1]?.split('-or-').some((slug) => named.has(slug)) ?? false);
  return addresses.filter((address) => !isBegun(address));
}

/** A version keeps its text and with it its headings: the file that it is made from is guarded instead. */
function anchorsOf({ address, document }: ParsedPage): string[] {
  if (/\/\d+\.\d+\/$|\.html$/.test(address)) return [];
  return [...document.querySelectorAll('main [id]')].filter((element) => element.closest('svg, form, dialog, template, .moved') === null)
    .map(({ id }) => id).filter((id) => !id.startsWith('_'));
}

/** Pages are told by their addresses; what has a hash in its name, or serves the site alone, may go. */
function isLasting(file: string): boolean {
  return !file.endsWith('.html') && !/^(_astro|pagefind|find|postgres[^/]*)\/|^sitemap-\d+\.xml$|^moved\.js$|^_(headers|redirects)$/.test(file);
}
