/**
 * Pagefind 1.5.2 writes the values of a filter in an order that changes from run to run, and with it the
 * names of three files; later versions sort them (https://github.com/Pagefind/pagefind/pull/1124).
 * Until one of those can be installed, the values are sorted here and the files renamed.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { AstroIntegration } from 'astro';

/** Must stand after Starlight, which runs Pagefind when the build is done. */
export function steadySearchIndex(): AstroIntegration {
  return {
    name: 'steady-search-index',
    hooks: {
      'astro:build:done': ({ dir }) => {
        const folder = fileURLToPath(new URL('pagefind/', dir));
        if (existsSync(folder)) steadyIndex(folder);
      },
    },
  };
}

/** What stands before the data in every file of the index. */
const signature = 'pagefind_dcd';

interface Entry { languages: Record<string, { hash: string }> }

/** @throws when a language has several filters, whose own order would have to be settled as well */
export function steadyIndex(folder: string): void {
  const entryFile = join(folder, 'pagefind-entry.json');
  const entry = JSON.parse(readFileSync(entryFile, 'utf8')) as Entry;
  for (const [language, details] of Object.entries(entry.languages)) {
    const filters = existsSync(join(folder, 'filter')) ? readdirSync(join(folder, 'filter')).filter((name) => name.startsWith(`${language}_`)) : [];
    if (filters.length === 0) continue;
    if (filters.length > 1) throw new Error(`the search index has ${filters.length} filters for "${language}" (${filters.join(', ')}); expected one, because only the order inside a filter is settled`);
    const old = filters.map((name) => name.replace('.pf_filter', '')).join('');
    const sorted = sortedValues(gunzipSync(readFileSync(join(folder, 'filter', `${old}.pf_filter`))));
    const fresh = nameFor(language, sorted, old.length);
    const meta = replaced(gunzipSync(readFileSync(join(folder, `pagefind.${details.hash}.pf_meta`))), old, fresh);
    rmSync(join(folder, 'filter', `${old}.pf_filter`));
    rmSync(join(folder, `pagefind.${details.hash}.pf_meta`));
    details.hash = nameFor(language, meta, details.hash.length);
    writeFileSync(join(folder, 'filter', `${fresh}.pf_filter`), gzipSync(sorted));
    writeFileSync(join(folder, `pagefind.${details.hash}.pf_meta`), gzipSync(meta));
  }
  writeFileSync(entryFile, JSON.stringify(entry));
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
