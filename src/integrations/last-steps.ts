/** What is made from the pages of a written site, in its order. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readRedirects } from '../catalogue/redirects.ts';
import { writeHostFiles } from './host-files.ts';
import { writeLeanCode } from './lean-code.ts';
import { writeMovedPages } from './moved-pages.ts';
import { writeOfflineFiles } from './offline-files.ts';
import { writeSearchIndex } from './search-index.ts';
import { licencesFile, shippedPackages } from './shipped-packages.ts';

/** `root` of the repository and `folder` of the built site are paths, `site` is an origin, `base` ends without a slash. */
export interface WrittenSite { root: string; folder: string; site: string; base: string }

export async function takeLastSteps({ root, folder, site, base }: WrittenSite, tell: (words: string) => void): Promise<void> {
  writeLeanCode(folder);
  tell(`full-text index: ${await writeSearchIndex(folder)} pages`);
  const moved = writeMovedPages(folder, readRedirects(root), site, base);
  if (moved > 0) tell(`${moved} addresses that were given up lead on`);
  // Licences ask that their notices come along with what is given away.
  writeFileSync(join(folder, 'licences.txt'), licencesFile(shippedPackages(root)));
  tell(`a policy on ${writeHostFiles(folder, root)} pages`);
  tell(await writeOfflineFiles(folder, root));
}
