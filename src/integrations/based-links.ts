/**
 * HTML in which every address that begins at the root of the site gets the base in front: pages, components and Markdown
 * say `/find/`, wherever the site stands. What has the base already, since Astro or Starlight wrote it, stays as it is.
 * @param base with a slash at both ends, such as `/atlas/`
 */
export function withBase(html: string, base: string): string {
  return html.replaceAll(tag, (text) => text.replaceAll(address, (whole, name: string, value: string) => (isBased(value, base) ? whole : `${name}="${base}${value.slice(1)}"`)));
}

/** Also what a tag holds in quotes, so that a `>` in there does not end it. */
const tag = /<[a-z](?:"[^"]*"|'[^']*'|[^"'>])*>/gi;

/** Data attributes hold addresses for the scripts of the page. */
const address = /(?<=\s)(href|src|action|formaction|poster|data-[a-z-]+)="(\/(?!\/)[^"]*)"/g;

function isBased(value: string, base: string): boolean {
  return value.startsWith(base) || value === base.slice(0, -1);
}
