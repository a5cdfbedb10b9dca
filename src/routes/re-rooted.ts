/**
 * A kept text as this site serves it: it names its pages as they stood where it was kept, and a mirror, a preview or a site that
 * has moved has them elsewhere.
 * @param text with its whole address in the front matter
 * @param path of the page, below the site
 * @param root of this site, such as https://example.org/atlas
 */
export function reRooted(text: string, path: string, root: string): string {
  const [, keptRoot] = new RegExp(`^address: "(https?://[^"]+)${path}"$`, 'm').exec(text) ?? [];
  if (keptRoot === undefined) throw new Error(`The kept text of ${path} does not say its address; take the file in content/versions/ back from git`);
  return text.replaceAll(`${keptRoot}/`, `${root}/`);
}
