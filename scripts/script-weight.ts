/** What a script of the built site weighs when a browser fetches it: itself and what it imports at once. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

/**
 * Bytes after gzip of what a script adds to a page.
 * @param start beginning of the name of the script
 * @param already of the script that the page starts with
 * @throws when the site has none of that name
 */
export function scriptBytes(site: string, start: string, already: string): number {
  const before = neededBy(site, scriptNamed(site, already));
  return gzipBytes(site, neededBy(site, scriptNamed(site, start)).filter((name) => !before.includes(name)));
}

/** The script and all that it cannot run without, below the folder of scripts; what is imported later, in parentheses, does not count. */
export function neededBy(site: string, script: string): string[] {
  const names = new Set([script]);
  for (const name of names) {
    for (const [, other] of readFileSync(join(site, '_astro', name), 'utf8').matchAll(/(?:from|import)\s*[`"']\.\/([^`"']+\.js)[`"']/g)) if (other !== undefined) names.add(other);
  }
  return [...names];
}

export function gzipBytes(site: string, scripts: readonly string[]): number {
  return scripts.reduce((sum, name) => sum + gzipSync(readFileSync(join(site, '_astro', name)), { level: 9 }).length, 0);
}

/** @throws when the site has none, or several */
export function scriptNamed(site: string, start: string): string {
  const found = readdirSync(join(site, '_astro')).filter((name) => name.startsWith(`${start}.`) && name.endsWith('.js'));
  const [first] = found;
  if (first === undefined || found.length > 1) throw new Error(`${site} has ${found.length} scripts named ${start}; expected one`);
  return first;
}
