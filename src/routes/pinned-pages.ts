/** Every version of every page that has an address of its own: kept ones from their files, the current one from its twin until it is kept. */
import { guidePages, patternPages, problemPages } from '../catalogue/entries.ts';
import { sourceFingerprint } from '../catalogue/fingerprint.ts';
import { frozenFile, readVersion, readVersions } from '../catalogue/versions.ts';
import { absolute, pinnedPathOf } from '../citing/addresses.ts';
import type { CitedKind } from '../citing/addresses.ts';
import { reRooted } from './re-rooted.ts';
import { twins } from './twins.ts';

export interface PinnedPage {
  path: string;
  /** Of the latest version. */
  address: string;
  title: string;
  version: string;
  date: string;
  /** Of all versions, newest first; earlier ones that were kept have a path. */
  changes: readonly { version: string; date: string; what: string; path: string }[];
  isFrozen: boolean;
  /** Markdown with its front matter. */
  text: () => string;
  /** Where the text stands, or will stand. */
  file: string;
  swhid: string;
}

export async function pinnedPages(): Promise<PinnedPage[]> {
  const [kept, current] = [readVersions(), await twins()];
  const root = absolute(import.meta.env.SITE, import.meta.env.BASE_URL, '');
  const pages = [...await patternPages(), ...await problemPages(), ...await guidePages()];
  return pages.flatMap(({ slug, address, data, entry }) => {
    const kind: CitedKind = data.kind;
    const changes = data.changes.map((change) => ({ ...change, path: pinnedPathOf(kind, slug, change.version) }));
    return changes.flatMap(({ version, date, path }, index): PinnedPage[] => {
      const frozen = kept.find((each) => each.kind === kind && each.slug === slug && each.version === version);
      const text = frozen === undefined ? (index === 0 ? current.get(address) : undefined) : textOf(frozen.file, address, root);
      if (text === undefined) return [];
      const swhid = frozen?.frozen.source ?? sourceFingerprint(entry.filePath ?? '').swhid;
      return [{ path, address, title: data.title, version, date, changes, isFrozen: frozen !== undefined, text, file: frozenFile(kind, slug, version), swhid }];
    });
  });
}

/** Apart from the above, or it would hold what it was told of. */
function textOf(file: string, address: string, root: string): () => string {
  return () => reRooted(readVersion(file).text, address, root);
}
