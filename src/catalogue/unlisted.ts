/** Pages that no search engine shall keep: drafts, what another page took the place of, and the code and the comparisons of those. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesBelow } from './files.ts';

/** `folder`: patterns, problems or guides. */
export interface NamedPage { folder: string; slug: string; status: string | undefined }

/** Says of an address, or of a path below any base, whether it is one of those. */
export function unlistedAmong(pages: readonly NamedPage[]): (address: string) => boolean {
  const hidden = pages.filter(({ status }) => status === 'draft' || status === 'superseded');
  const ends = hidden.flatMap(({ folder, slug }) => [`/${folder}/${slug}/`, `/${folder}/${slug}/code/`]);
  const replaced = hidden.filter(({ folder, status }) => folder === 'patterns' && status === 'superseded');
  return (address) => ends.some((end) => address.endsWith(end))
    || (address.includes('/compare/') && replaced.some(({ slug }) => address.includes(`/compare/${slug}-or-`) || address.endsWith(`-or-${slug}/`)));
}

/** Reads the files alone, since the configuration is loaded before anything is checked. */
export function namedPages(root = process.cwd()): NamedPage[] {
  return filesBelow(root, 'content/docs', '.mdx').flatMap((file) => {
    const [, folder = '', slug] = /^content\/docs\/(patterns|problems|guides)\/(?:[^/]+\/)?([^/]+)\.mdx$/.exec(file) ?? [];
    const [frontmatter = ''] = readFileSync(join(root, file), 'utf8').split(/^---\r?$/m).slice(1);
    return slug === undefined ? [] : [{ folder, slug, status: /^status: *(\w+)/m.exec(frontmatter)?.[1] }];
  });
}
