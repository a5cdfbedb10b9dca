/** What a script of the built site weighs when a browser fetches it: itself and what it imports at once, without what the page has already. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** @param start beginning of the name of the script @param already of the script that the page starts with @throws when the site has none of that name */
export function scriptBytes(site: string, start: string, already: string): number {
  const folder = join(site, '_astro');
  const before = needed(folder, already);
  return [...needed(folder, start)].filter((name) => !before.has(name)).reduce((sum, name) => sum + gzipSync(readFileSync(join(folder, name)), { level: 9 }).length, 0);
}

/** What is imported later, in parentheses, does not count. */
function needed(folder: string, start: string): Set<string> {
  const first = readdirSync(folder).find((name) => name.startsWith(`${start}.`) && name.endsWith('.js'));
  if (first === undefined) throw new Error(`${folder} has no script ${start}`);
  const names = new Set([first]);
  for (const name of names) {
    for (const [, other] of readFileSync(join(folder, name), 'utf8').matchAll(/(?:from|import)\s*["']\.\/([^"']+\.js)["']/g)) if (other !== undefined) names.add(other);
  }
  return names;
}
