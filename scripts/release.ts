/**
 * Makes a release of a built site for hosts of one's own: precompressed, with the host's configuration, and with the assets of
 * the release before, which open pages may still ask for. Usage: npm run build && npm run release [-- --before <folder or address>]
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { readRedirects } from '../src/catalogue/redirects.ts';
import { caddyfile } from '../src/hosting/caddyfile.ts';
import { rulesOf } from '../src/hosting/site-files.ts';
import { filesIn } from './files-in.ts';
import { homepage } from './homepage.ts';
import { writtenPath } from './written-path.ts';

const usage = `Usage: npm run release [-- --from dist] [--to release] [--before <folder or address of the release before>|--published] [--plain]

Writes release/site, what a host gives out, and release/Caddyfile. --published takes the release before from the
published site, if there is one. --plain leaves out what is compressed, for hosts that compress themselves.`;
/** Beside this list a release has nothing that could go missing under an open page: other files keep their names. */
const assetsFile = 'assets.json';
const named = /^(_astro|pagefind\/(fragment|index))\//;
/** Others are compressed already, or by the one who fetches them. */
const compressible = /\.(html|css|js|json|md|txt|ts|svg|xml|webmanifest|bib|ris|wasm)$/;
const leastBytes = 256;

export class ReleaseError extends Error {
  override name = 'ReleaseError';
}

export interface Release {
  from: string;
  to: string;
  /** A folder of a release, or the address of its home page. */
  before?: string | undefined;
  /** Where `before` may hold no release yet. */
  isFirst?: boolean | undefined;
  plain?: boolean | undefined;
}

/** @throws ReleaseError where a place holds no site, or the release before cannot be read */
export async function writeRelease({ from, to, before, isFirst = false, plain = false }: Release): Promise<{ files: number; kept: number }> {
  if (!existsSync(join(from, 'index.html'))) throw new ReleaseError(`${from} holds no built site; run npm run build first.`);
  const files = filesIn(from);
  const own = [...files.keys()].filter((file) => named.test(file)).sort();
  const old = before === undefined ? new Map<string, Buffer>() : await assetsOf(before, new Set(own), isFirst);
  files.set(assetsFile, Buffer.from(`${JSON.stringify(own, null, 1)}\n`));
  rmSync(to, { recursive: true, force: true });
  for (const [file, content] of [...files, ...old]) await writeServed(join(to, 'site', file), content, plain || !compressible.test(file));
  writeFileSync(join(to, 'Caddyfile'), caddyfile(rulesOf(files), readRedirects()));
  return { files: files.size, kept: old.size };
}

/** What the release before gave out under names that this one does not have. Of still older ones nothing is kept. */
async function assetsOf(before: string, own: ReadonlySet<string>, isFirst: boolean): Promise<Map<string, Buffer>> {
  const read = /^https?:/.test(before) ? (file: string) => fetched(new URL(file, before.replace(/\/?$/, '/'))) : async (file: string) => readBefore(before, file);
  const list = await read(assetsFile);
  if (list === undefined && isFirst) return new Map();
  if (list === undefined) throw new ReleaseError(`${before} has no ${assetsFile}; expected a release that this command made. Leave out --before for a first one.`);
  const names = (JSON.parse(String(list)) as string[]).filter((file) => named.test(file) && !file.includes('..') && !own.has(file));
  const kept = new Map<string, Buffer>();
  for (const file of names) {
    const content = await read(file);
    if (content === undefined) throw new ReleaseError(`${before} lists ${file} and does not have it.`);
    kept.set(file, content);
  }
  return kept;
}

function readBefore(folder: string, file: string): Buffer | undefined {
  return [join(folder, 'site', file), join(folder, file)].filter((path) => existsSync(path)).map((path) => readFileSync(path))[0];
}

async function fetched(address: URL): Promise<Buffer | undefined> {
  const response = await fetch(address).catch((error: unknown) => { throw new ReleaseError(`${address.href} cannot be fetched: ${error instanceof Error ? error.message : error}`); });
  if (response.status === 404) return undefined;
  if (!response.ok) throw new ReleaseError(`${address.href} cannot be fetched: ${response.status}`);
  return Buffer.from(await response.arrayBuffer());
}

async function writeServed(path: string, content: Buffer, plain: boolean): Promise<void> {
  mkdirSync(dirname(path), { recursive: true });
  const packed = plain || content.length < leastBytes ? [] : await Promise.all([
    promisify(brotliCompress)(content, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: content.length } }).then((bytes) => ['.br', bytes] as const),
    promisify(gzip)(content, { level: 9 }).then((bytes) => ['.gz', bytes] as const),
  ]);
  for (const [ending, bytes] of [['', content] as const, ...packed]) {
    if (ending !== '' && bytes.length >= content.length) continue;
    writeFileSync(path + ending, bytes);
    const seconds = timeOf(bytes);
    utimesSync(path + ending, seconds, seconds);
  }
}

/**
 * Servers of files make ETags of size and time of change. So the time is made of the bytes: equal on every replica, equal from
 * release to release while nothing changed, another one when something did.
 *
 * @returns seconds since 1970, before the year 2004
 */
function timeOf(bytes: Uint8Array): number {
  return createHash('sha256').update(bytes).digest().readUInt32BE(0) >>> 2;
}

if (import.meta.main) {
  try {
    const { values } = parseArgs({ options: { from: { type: 'string', default: 'dist' }, to: { type: 'string', default: 'release' }, before: { type: 'string' }, published: { type: 'boolean' }, plain: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } });
    if (values.help === true) console.log(usage);
    else {
      const to = writtenPath(values.to);
      const before = values.published === true ? homepage() : values.before === undefined || /^https?:/.test(values.before) ? values.before : writtenPath(values.before);
      const { files, kept } = await writeRelease({ from: writtenPath(values.from), to, before, isFirst: values.published, plain: values.plain });
      console.log(`${files} files of ${values.from} are in ${values.to}/site${before === undefined ? '' : `, with ${kept} assets of the release before`}; ${values.to}/Caddyfile gives them out.`);
    }
  } catch (error) {
    console.error(error instanceof ReleaseError ? error.message : error instanceof TypeError ? `${error.message}\n\n${usage}` : error);
    process.exitCode = 1;
  }
}
