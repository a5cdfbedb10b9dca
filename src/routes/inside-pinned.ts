/**
 * HTML of a kept text as it stands on its own page: the title goes, since the page has one; links into the site lead to it
 * wherever it stands, and those to a place of the same page stay on it.
 * @param sites how the text may name the site, such as https://example.org/atlas, the longer ones first
 * @param address of the latest version, below the site
 */
export function insidePinned(html: string, { sites, address }: { sites: readonly string[]; address: string }): string {
  const own = new Set([...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id));
  return sites.reduce((text, site) => text.replaceAll(` href="${site}/`, ' href="/'), html.replace(/^\s*<h1\b[^>]*>.*?<\/h1>\s*/s, ''))
    .replaceAll(new RegExp(` href="${address}#([^"]+)"`, 'g'), (whole, id: string) => (own.has(id) ? ` href="#${id}"` : whole));
}
