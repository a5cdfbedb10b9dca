/** What is new, page by page: each version is one piece of news, under the address at which it stays. */
import { pinnedPathOf } from './addresses.ts';
import type { CitedKind } from './addresses.ts';

export interface Change { kind: CitedKind; slug: string; title: string; description: string; version: string; date: string; what: string; /** Below the site. */ path: string }

interface Changing { slug: string; data: { title: string; description: string; changes: readonly { version: string; date: string; what: string }[] } }

/** Newest first; of one day by kind and title, so that the order is the same in every build. */
export function changesOf(pages: Readonly<Record<CitedKind, readonly Changing[]>>): Change[] {
  return (Object.entries(pages) as [CitedKind, readonly Changing[]][])
    .flatMap(([kind, all]) => all.flatMap(({ slug, data: { title, description, changes } }) => changes.map(({ version, date, what }): Change => ({
      kind, slug, title, description, version, date, what, path: pinnedPathOf(kind, slug, version),
    }))))
    .sort((a, b) => compare(b.date, a.date) || compare(a.kind, b.kind) || compare(a.slug, b.slug) || compareVersions(b.version, a.version));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function compareVersions(a: string, b: string): number {
  const [majorA = 0, minorA = 0] = a.split('.').map(Number);
  const [majorB = 0, minorB = 0] = b.split('.').map(Number);
  return majorA - majorB || minorA - minorB;
}
