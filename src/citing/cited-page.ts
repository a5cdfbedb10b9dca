/** A page as it is cited: every format, head tag and twin is made from this. */
import { pathOf, pinnedPathOf, underBase } from './addresses.ts';
import type { CitedKind } from './addresses.ts';

export interface CitedPage {
  kind: CitedKind;
  slug: string;
  title: string;
  description: string;
  /** Absolute; always the latest version. */
  address: string;
  /** Absolute; this version, whatever comes later. */
  pinned: string;
  version: string;
  /** The day of this version, such as 2026-11-27. */
  date: string;
  fingerprint?: Fingerprint;
}

/** What the bytes of a page's source are called in every git repository and archive that holds them. */
export interface Fingerprint { swhid: string; blob: string }

interface CitedData {
  title: string;
  description: string;
  /** Newest first. */
  changes: readonly { version: string; date: string }[];
}

/** @param site absolute address of the home page, base path included, such as https://example.org/ */
export function citedPage(kind: CitedKind, slug: string, { title, description, changes }: CitedData, site: string, fingerprint?: Fingerprint): CitedPage {
  const [current] = changes;
  if (current === undefined) throw new TypeError(`${pathOf(kind, slug)} has no version yet: it cannot be cited before its first entry in \`changes\``);
  return {
    kind, slug, title, description,
    address: underBase(site, pathOf(kind, slug)),
    pinned: underBase(site, pinnedPathOf(kind, slug, current.version)),
    version: current.version,
    date: current.date,
    ...(fingerprint === undefined ? {} : { fingerprint }),
  };
}
