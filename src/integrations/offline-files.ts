/**
 * What makes a built site readable without a connection: the list of its files, the worker that keeps them and the script that
 * tells of a new release. Must come last, since it reads what all others wrote. A page that nobody asks to keep has none of it.
 */
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { parse } from 'yaml';
import { pathBelow } from '../catalogue/path-below.ts';
import { partOf, pathOf } from '../offline/kept-files.ts';
import { parts } from '../offline/release.ts';
import type { Files, Manifest, Part } from '../offline/release.ts';
import { bundled } from './bundled-text.ts';

const source = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));
const page = 'offline/index.html';

/** Its content is read when it is asked for: the whole site does not fit into memory as easily as one file. */
interface SiteFile { file: string; part: Part; readonly content: Buffer }

/** @param folder of the built site @returns what it holds, in words */
export async function writeOfflineFiles(folder: string, root: string): Promise<string> {
  const notice = Buffer.from((await bundled(source('elements/kept-notice.ts'))).code);
  const noticePath = `_astro/kept-notice.${hashOf(notice).slice(0, 8)}.js`;
  writeFileSync(join(folder, noticePath), notice);
  const files = readFiles(folder);
  const size = { catalogue: sizes(files, 'catalogue'), postgres: sizes(files, 'postgres') };
  writeSizes(folder, size);
  const manifest = manifestOf(readFiles(folder), readVersion(root));
  writeFileSync(join(folder, 'offline.json'), JSON.stringify(manifest));
  const { code } = await bundled(source('offline/worker.ts'), { RELEASE: JSON.stringify(manifest.release), NOTICE: JSON.stringify(noticePath) });
  writeFileSync(join(folder, 'offline-worker.js'), `${code}\n`);
  return `release ${manifest.release}: ${parts.map((part) => `${part} ${Object.keys(manifest.parts[part]).length} files, ${megabytes(size[part].fetched)} MB`).join('; ')}`;
}

/** In the order of their names, whatever the order of the file system is. */
function readFiles(folder: string): SiteFile[] {
  const found = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map(({ parentPath, name }) => pathBelow(folder, join(parentPath, name)));
  return found.sort().flatMap((file) => {
    const part = partOf(file);
    return part === undefined ? [] : [{ file, part, get content() { return readFileSync(join(folder, file)); } }];
  });
}

/** The release is named by paths and bytes of its files. */
export function manifestOf(files: readonly SiteFile[], { version, date }: Pick<Manifest, 'version' | 'date'>): Manifest {
  const filesIn = (part: Part): Files => Object.fromEntries(files.filter((each) => each.part === part).map(({ file, content }) => [pathOf(file), [content.length, hashOf(content)]]));
  const listed = { catalogue: filesIn('catalogue'), postgres: filesIn('postgres') };
  return { release: hashOf(Buffer.from(JSON.stringify([version, date, listed]))).slice(0, 12), version, date, parts: listed };
}

/** As src/offline/release.ts does it in the browser. */
function hashOf(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex').slice(0, 24);
}

/** The page of itself cannot know how large the site is that holds it: places on it are filled here. */
function writeSizes(folder: string, size: Record<Part, Size>): void {
  const html = readFileSync(join(folder, page), 'utf8');
  const filled = html.replaceAll(/@@(\w+)-(fetched|stored)@@/g, (whole, part: string, what: 'fetched' | 'stored') => {
    if (!parts.includes(part as Part)) throw new Error(`${page}: ${whole} names no part of the site; expected one of ${parts.join(', ')}`);
    return megabytes(size[part as Part][what]);
  });
  writeFileSync(join(folder, page), filled);
}

/** In bytes: what a host sends after compressing it, and what a browser keeps. */
interface Size { fetched: number; stored: number }

function sizes(files: readonly SiteFile[], part: Part): Size {
  const own = files.filter((each) => each.part === part).map(({ content }) => ({ stored: content.length, fetched: Math.min(content.length, gzipSync(content).length) }));
  return { fetched: own.reduce((sum, { fetched }) => sum + fetched, 0), stored: own.reduce((sum, { stored }) => sum + stored, 0) };
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}

function readVersion(root: string): Pick<Manifest, 'version' | 'date'> {
  // Where "Cite this repository" reads them.
  const cff = parse(readFileSync(join(root, 'CITATION.cff'), 'utf8')) as { version: string; 'date-released': string };
  return { version: String(cff.version), date: String(cff['date-released']) };
}
