/** Gives each page its policy, for hosts without headers, and the site the files in which hosts look for headers and redirects. */
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathBelow } from '../catalogue/path-below.ts';
import { readRedirects } from '../catalogue/redirects.ts';
import { headerRules } from '../hosting/header-rules.ts';
import { headersFile, redirectsFile } from '../hosting/headers-file.ts';
import { scriptHashes } from '../hosting/inline-scripts.ts';
import { withPolicy } from '../hosting/policy.ts';
import { sandbox } from '../hosting/site-files.ts';

/** Must come after what writes pages, and before what lists their bytes. @param folder of the built site @returns how many pages have a policy */
export function writeHostFiles(folder: string, root: string): number {
  const hashes = new Set<string>();
  let pages = 0;
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const file = pathBelow(folder, path);
    if (!entry.isFile() || !file.endsWith('.html') || file === sandbox) continue;
    const html = readFileSync(path, 'utf8');
    const own = scriptHashes(html);
    writeFileSync(path, withPolicy(html, own));
    for (const hash of own) hashes.add(hash);
    pages += 1;
  }
  writeFileSync(join(folder, '_headers'), headersFile(headerRules(hashes)));
  const redirects = redirectsFile(readRedirects(root));
  if (redirects !== '') writeFileSync(join(folder, '_redirects'), redirects);
  return pages;
}
