/**
 * HTML of a kept text as it stands on its own page: the title goes, since the page has one; links into the site lead to it
 * wherever it stands, and those to a place of the same page stay on it. A column of a table that the text gave no name has no
 * header that could be read out, and the others say that they are columns.
 * @param site as the text names it, such as https://example.org/atlas
 * @param address of the latest version, below the site
 */
export function insidePinned(html: string, { site, address }: { site: string; address: string }): string {
  const own = new Set([...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id));
  return html.replace(/^\s*<h1\b[^>]*>.*?<\/h1>\s*/s, '').replaceAll(` href="${site}/`, ' href="/').replaceAll('<th></th>', '<td></td>').replaceAll(/<th(?=[ >])/g, '<th scope="col"')
    .replaceAll(new RegExp(` href="${address}#([^"]+)"`, 'g'), (whole, id: string) => (own.has(id) ? ` href="#${id}"` : whole));
}
