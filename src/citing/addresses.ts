/** Where everything stands that has an address for ever. Paths are below the base path and begin with a slash. */

export type CitedKind = 'pattern' | 'problem' | 'guide';

const folders: Record<CitedKind, string> = { pattern: 'patterns', problem: 'problems', guide: 'guides' };

/** The latest version of a page. */
export function pathOf(kind: CitedKind, slug: string): string {
  return `/${folders[kind]}/${slug}/`;
}

/** One version of a page; it keeps saying what it said. */
export function pinnedPathOf(kind: CitedKind, slug: string, version: string): string {
  return pinnedAt(pathOf(kind, slug), version);
}

/** @param path of the page, with its slash at the end */
export function pinnedAt(path: string, version: string): string {
  return `${path}${version}/`;
}

/** A file that stands beside a page, such as `cite.bib` or `preview.png`. */
export function filePathOf(kind: CitedKind, slug: string, file: string): string {
  return `${pathOf(kind, slug)}${file}`;
}

/** The Markdown twin of any page. @param path ends with a slash */
export function twinPathOf(path: string): string {
  return `${path}index.md`;
}

/** A path as a link on the site writes it, or with its host. @param base `import.meta.env.BASE_URL` or the address of the home page, with or without its slash at the end */
export function underBase(base: string, path: string): string {
  return `${base.replace(/\/+$/, '')}${path}`;
}

/** An address with its host. @param site `import.meta.env.SITE` or `Astro.site`; only its origin counts */
export function absolute(site: string | { href: string } | undefined, base: string, path: string): string {
  const text = typeof site === 'object' ? site.href : site ?? '';
  const [origin] = /^https?:\/\/[^/?#]+/.exec(text) ?? [];
  if (origin === undefined) throw new TypeError(`"${text}" is not the address of a site; set \`site\` in astro.config.mjs, such as https://example.org`);
  return `${origin}${underBase(base, path)}`;
}
