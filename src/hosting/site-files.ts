/** What a host needs to know about a built site. */
import { headerRules } from './header-rules.ts';
import type { HeaderRule } from './header-rules.ts';
import { scriptHashes } from './inline-scripts.ts';

/** A page with a policy of its own. */
export const sandbox = 'sandbox.html';

/** @param files by their paths below the site, with forward slashes */
export function rulesOf(files: ReadonlyMap<string, Uint8Array>): HeaderRule[] {
  const hashes = new Set<string>();
  for (const [file, content] of files) {
    if (file.endsWith('.html') && file !== sandbox) for (const hash of scriptHashes(new TextDecoder().decode(content))) hashes.add(hash);
  }
  return headerRules(hashes);
}
