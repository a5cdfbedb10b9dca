/**
 * The full-text index, made by Pagefind and written here. Pagefind 1.5.2 writes without waiting for the last
 * bytes to reach the disk and is ended at once (a build had one of its files cut at a block of 4 KiB); it also
 * writes the values of a filter in an order that changes from run to run, and with it the names of three files
 * (later versions sort them: https://github.com/Pagefind/pagefind/pull/1124). So its files are taken from
 * memory, and settled, before they are written.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import * as pagefind from 'pagefind';

/** Its own interfaces and highlighter (the palette is src/elements/palette.ts), and what reads languages that no page has. */
const unused = /^pagefind-(ui|modular-ui|component-ui|highlight)\.|^wasm\.unknown\./;

/** @param folder of the built site @returns how many pages can be found */
export async function writeSearchIndex(folder: string): Promise<number> {
  const { files, pages } = await indexOf(folder);
  for (const [path, content] of settledIndex(files)) {
    const target = join(folder, 'pagefind', path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, content);
  }
  return pages;
}

/** Path below pagefind/, with forward slashes, and content. */
type Files = Map<string, Buffer>;

/** @throws what Pagefind could not read */
async function indexOf(folder: string): Promise<{ files: Files; pages: number }> {
  try {
    const { index, errors } = await pagefind.createIndex();
    if (index === undefined) throw new Error(errors.join('; '));
    const faults = [...errors];
    let pages = 0;
    // One page after the other, and none that says nothing to it: a whole folder it reads at once.
    for (const sourcePath of readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((path) => path.replaceAll('\\', '/')).filter((path) => path.endsWith('.html')).sort()) {
      const content = readFileSync(join(folder, sourcePath), 'utf8');
      if (!content.includes('data-pagefind-body')) continue;
      pages++;
      faults.push(...(await index.addHTMLFile({ sourcePath, content })).errors);
    }
    const made = await index.getFiles();
    faults.push(...made.errors);
    if (faults.length > 0) throw new Error(faults.join('; '));
    const files = made.files.map(({ path, content }) => [path.replaceAll('\\', '/'), Buffer.from(content)] as const);
    return { files: new Map(files.filter(([path]) => !unused.test(path)).sort(([a], [b]) => (a < b ? -1 : 1))), pages };
  } finally {
    await pagefind.close();
  }
}

/** What stands before the data in every file of the index. */
const signature = 'pagefind_dcd';

interface Entry { languages: Record<string, { hash: string }> }

/** @throws when a language has several filters, whose own order would have to be settled as well */
export function settledIndex(given: Files): Files {
  const files = new Map(given);
  const entry = JSON.parse(part(files, 'pagefind-entry.json').toString()) as Entry;
  for (const [language, details] of Object.entries(entry.languages)) {
    const filters = [...files.keys()].filter((path) => path.startsWith(`filter/${language}_`));
    if (filters.length === 0) continue;
    const names = filters.map((path) => path.replace('filter/', ''));
    if (filters.length > 1) throw new Error(`the search index has ${filters.length} filters for "${language}" (${names.join(', ')}); expected one, because only the order inside a filter is settled`);
    const old = names.map((name) => name.replace('.pf_filter', '')).join('');
    const sorted = sortedValues(gunzipSync(part(files, `filter/${old}.pf_filter`)));
    const fresh = nameFor(language, sorted, old.length);
    const meta = replaced(gunzipSync(part(files, `pagefind.${details.hash}.pf_meta`)), old, fresh);
    files.delete(`filter/${old}.pf_filter`);
    files.delete(`pagefind.${details.hash}.pf_meta`);
    details.hash = nameFor(language, meta, details.hash.length);
    files.set(`filter/${fresh}.pf_filter`, gzipSync(sorted)).set(`pagefind.${details.hash}.pf_meta`, gzipSync(meta));
  }
  return files.set('pagefind-entry.json', Buffer.from(JSON.stringify(entry)));
}

function part(files: Files, path: string): Buffer {
  const content = files.get(path);
  if (content === undefined) throw new Error(`the search index has no ${path}`);
  return content;
}

/** A filter is CBOR: [name, [[value, [page, …]], …]]. */
function sortedValues(file: Buffer): Buffer {
  const start = signature.length + 1;
  const list = itemEnd(file, start);
  const { length, dataAt } = header(file, list);
  const values: Buffer[] = [];
  let at = dataAt;
  for (let index = 0; index < length; index++) {
    const end = itemEnd(file, at);
    values.push(file.subarray(at, end));
    at = end;
  }
  return Buffer.concat([file.subarray(0, dataAt), ...values.sort(Buffer.compare), file.subarray(at)]);
}

/** Where the CBOR item that begins at `at` ends: whole numbers, texts and lists of them. */
function itemEnd(file: Buffer, at: number): number {
  const { major, length, dataAt } = header(file, at);
  if (major === 0) return dataAt;
  if (major === 3) return dataAt + length;
  if (major !== 4) throw new Error(`the search index has CBOR of major type ${major} at byte ${at}; expected a number, a text or a list`);
  let end = dataAt;
  for (let index = 0; index < length; index++) end = itemEnd(file, end);
  return end;
}

function header(file: Buffer, at: number): { major: number; length: number; dataAt: number } {
  const first = file.readUInt8(at);
  const info = first & 31;
  const bytes = { 24: 1, 25: 2, 26: 4 }[info] ?? 0;
  if (info > 26) throw new Error(`the search index has CBOR of a length that is not handled at byte ${at}`);
  return { major: first >> 5, length: bytes === 0 ? info : file.readUIntBE(at + 1, bytes), dataAt: at + 1 + bytes };
}

function replaced(file: Buffer, old: string, fresh: string): Buffer {
  const at = file.indexOf(old, 0, 'latin1');
  if (at < 0) throw new Error(`the search index does not name its filter "${old}"`);
  return Buffer.concat([file.subarray(0, at), Buffer.from(fresh, 'latin1'), file.subarray(at + old.length)]);
}

/** As long as the old name, since the index counts its letters. */
function nameFor(language: string, content: Buffer, length: number): string {
  return `${language}_${createHash('sha256').update(content).digest('hex')}`.slice(0, length);
}
