/** One cache a release, named by it, with a record of what it holds. Sites below other paths of the same host keep apart. */
import { filesOf } from './release.ts';
import type { Files, Manifest, Part } from './release.ts';

export interface Shelf {
  name: string;
  cache: Cache;
  manifest: Manifest;
  /** Those that are complete; none while the first is fetched. */
  parts: Part[];
  /** When the last of them was complete, in ISO 8601. */
  keptAt: string;
}

type Record = Pick<Shelf, 'manifest' | 'parts' | 'keptAt'>;

/** No file of the site has this name. */
const recordName = 'offline-record';

export function shelfName(scope: string, release: string): string {
  return `${prefix(scope)}${release}`;
}

export async function shelves(scope: string): Promise<Shelf[]> {
  const names = (await caches.keys()).filter((name) => name.startsWith(prefix(scope)));
  const found = await Promise.all(names.map((name) => shelfNamed(name, scope)));
  return found.filter((shelf) => shelf !== undefined);
}

/** The shelf of a release, as far as it was begun. */
export async function shelfOf(scope: string, release: string): Promise<Shelf | undefined> {
  const name = shelfName(scope, release);
  return shelfNamed(name, scope);
}

async function shelfNamed(name: string, scope: string): Promise<Shelf | undefined> {
  // Opening one that has just been removed would make it anew.
  const record = await caches.match(new URL(recordName, scope).href, { cacheName: name });
  return record === undefined ? undefined : { name, cache: await caches.open(name), ...await record.json() as Record };
}

export async function writeRecord({ cache, manifest, parts, keptAt }: Shelf, scope: string): Promise<void> {
  await cache.put(new URL(recordName, scope).href, Response.json({ manifest, parts, keptAt } satisfies Record));
}

export function isComplete({ parts }: Shelf): boolean {
  return parts.length > 0;
}

/** What surely lies there. */
export function heldFiles({ manifest, parts }: Shelf): Files {
  return filesOf(manifest, parts);
}

/** @returns paths that lie there, of complete parts or not */
export async function presentPaths({ cache }: Shelf, scope: string): Promise<Set<string>> {
  return new Set((await cache.keys()).map(({ url }) => decodeURI(url.slice(scope.length))));
}

/** Nothing of any release stays. */
export async function removeAll(scope: string): Promise<void> {
  for (const name of await caches.keys()) if (name.startsWith(prefix(scope))) await caches.delete(name);
}

function prefix(scope: string): string {
  return `pattern-atlas ${new URL(scope).pathname} `;
}
