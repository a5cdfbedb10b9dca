/** Adds every address of the built site to the ledger but those of drafts; what stands there already stays. */
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { JSDOM } from 'jsdom';
import { readCatalogue } from '../src/catalogue/files.ts';
import { pathBelow } from '../src/catalogue/path-below.ts';
import { addressesOf, givenOut } from './site-addresses.ts';

export const ledgerFile = 'content/data/addresses.txt';

export function readLedger(root: string): string[] {
  const file = join(root, ledgerFile);
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter((line) => line !== '' && !line.startsWith('# ')) : [];
}

/** @returns what was added */
export function extendLedger(root: string, found: readonly string[]): string[] {
  const known = readLedger(root);
  const added = found.filter((address) => !known.includes(address));
  const note = '# Every address that was ever given out, for ever: `npm run ledger` adds to it, and a test holds each of them.';
  if (added.length > 0) writeFileSync(join(root, ledgerFile), `${[note, ...[...known, ...added].sort()].join('\n')}\n`);
  return added;
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { help: { type: 'boolean', short: 'h' }, site: { type: 'string', default: 'dist' } } });
  if (values.help === true) {
    console.log(`npm run ledger [-- --site dist]\n\nAdds the addresses and anchors of the built site to ${ledgerFile}, but for those of drafts. Run "npm run build" first.`);
    process.exit(0);
  }
  const root = fileURLToPath(new URL('..', import.meta.url));
  const site = resolve(root, values.site);
  if (!existsSync(join(site, 'index.html'))) {
    console.error(`There is no built site in ${values.site}. Run "npm run build" first, or name its folder with --site.`);
    process.exit(1);
  }
  const files = readdirSync(site, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map(({ parentPath, name }) => pathBelow(site, join(parentPath, name)));
  const pages = files.filter((file) => file.endsWith('.html')).map((file) => ({ address: `/${file.replace(/(^|\/)index\.html$/, '$1')}`, document: new JSDOM(readFileSync(join(site, file), 'utf8')).window.document }));
  const added = extendLedger(root, givenOut(addressesOf(pages, files), readCatalogue(root)));
  for (const address of added) console.log(address);
  console.log(`${added.length} added to ${ledgerFile}, which has ${readLedger(root).length}`);
}
