/**
 * Keeps the current version of each page as it is: its Markdown twin goes to `content/versions/`, where the page of that
 * version is made from it for ever. What was frozen before is never written again.
 */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { readCatalogue } from '../src/catalogue/files.ts';
import { sourceFingerprint } from '../src/catalogue/fingerprint.ts';
import { frozenFile, frozenText, readVersions, saidBy, versionViolations } from '../src/catalogue/versions.ts';
import { describeViolation } from '../src/catalogue/violations.ts';
import { isPublished } from '../src/catalogue/vocabulary.ts';
import { pathOf } from '../src/citing/addresses.ts';
import { fromDisk, shownCode } from '../src/checks/shown-code.ts';
import { buildSite } from './astro-build.ts';

/** @param site a build of just these pages @returns the files that were written */
export function freeze(root: string, site: string): string[] {
  const { patterns, problems, guides } = readCatalogue(root);
  return [...patterns, ...problems, ...guides].flatMap((page) => {
    const { kind, changes: [current] } = page.data;
    const file = current === undefined || !isPublished(page.data) ? '' : frozenFile(kind, page.slug, current.version);
    if (file === '' || existsSync(join(root, file))) return [];
    const twin = join(site, pathOf(kind, page.slug), 'index.md');
    if (!existsSync(twin)) throw new Error(`The build has no ${pathOf(kind, page.slug)}index.md, which would be kept as ${file}`);
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), frozenText(readFileSync(twin, 'utf8'), sourceFingerprint(page.file, root).swhid, saidBy(page, shownCode(fromDisk(root), page.body))));
    return [file];
  });
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { help: { type: 'boolean', short: 'h' } } });
  if (values.help === true) {
    console.log('npm run freeze\n\nBuilds the site and keeps each page whose current version is not kept yet in content/versions/.\nA page that has changed since its version was frozen needs a new entry in `changes` first.');
    process.exit(0);
  }
  const root = fileURLToPath(new URL('..', import.meta.url));
  console.log('Building the site, which takes a while …');
  // A build of its own: an older one would keep what a page no longer says.
  const site = join(root, 'node_modules/.cache/freeze');
  const { status } = buildSite(['--outDir', site], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0) throw new Error(`The build failed with exit code ${status}; npm run build shows its messages`);
  const written = freeze(root, site);
  rmSync(site, { recursive: true, force: true });
  for (const file of written) console.log(file);
  const violations = versionViolations(readCatalogue(root), readVersions(root), ({ body }) => shownCode(fromDisk(root), body));
  for (const violation of violations) console.error(describeViolation(violation));
  console.log(`${written.length} versions frozen; ${violations.length} to mend`);
  process.exitCode = violations.length === 0 ? 0 : 1;
}
