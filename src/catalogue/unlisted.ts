/** Pages that no search engine shall keep: drafts, and what another page took the place of. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesBelow } from './files.ts';

/** Their paths on the site, and those of their code. Reads the files alone, since the configuration is loaded before anything is checked. */
export function unlistedPaths(root = process.cwd()): string[] {
  return filesBelow(root, 'content/docs', '.mdx').flatMap((file) => {
    const [, kind, slug] = /^content\/docs\/(patterns|problems|guides)\/(?:[^/]+\/)?([^/]+)\.mdx$/.exec(file) ?? [];
    const [frontmatter = ''] = readFileSync(join(root, file), 'utf8').split(/^---\r?$/m).slice(1);
    return slug !== undefined && /^status: *(draft|superseded)\s*$/m.test(frontmatter) ? [`/${kind}/${slug}/`, `/${kind}/${slug}/code/`] : [];
  });
}
