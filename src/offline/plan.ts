/** What has to happen so that a device holds the files of a release: most of it usually lies there already, in the one before. */
import type { Files } from './release.ts';

/** Files that a device holds of some release. */
export interface Held { name: string; files: Files }

export interface Plan {
  copy: { path: string; bytes: number; from: { name: string; path: string } }[];
  fetch: { path: string; bytes: number; hash: string }[];
  /** Bytes that are there. */
  present: number;
}

/**
 * @param present paths that arrived before, when it was begun and not finished
 * @param others what other releases hold; of two with the same bytes the first is taken
 */
export function planOf(wanted: Files, present: ReadonlySet<string>, others: readonly Held[]): Plan {
  const places = new Map<string, { name: string; path: string }>();
  for (const { name, files } of others) for (const [path, [, hash]] of Object.entries(files)) if (!places.has(hash)) places.set(hash, { name, path });
  const plan: Plan = { copy: [], fetch: [], present: 0 };
  for (const [path, [bytes, hash]] of Object.entries(wanted)) {
    const from = places.get(hash);
    if (present.has(path)) plan.present += bytes;
    else if (from !== undefined) plan.copy.push({ path, bytes, from });
    else plan.fetch.push({ path, bytes, hash });
  }
  return plan;
}

/** A page that is open, by what was served for it. */
export interface OpenPage { path: string; hash: string }

/** A page belongs to each release that has these bytes at its address: its scripts and data are those of that release. */
export function belongsTo({ path, hash }: OpenPage, files: Files): boolean {
  return files[path]?.[1] === hash;
}

/** Names of the releases that no open page needs any more. */
export function outlived(current: Files, others: readonly Held[], open: readonly OpenPage[]): string[] {
  const older = open.filter((page) => !belongsTo(page, current));
  return others.filter(({ files }) => !older.some((page) => belongsTo(page, files))).map(({ name }) => name);
}
