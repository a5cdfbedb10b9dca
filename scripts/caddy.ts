/** Finds Caddy for the tests of a release: CADDY_PATH, what is installed, else the package of Debian, unpacked beside the other caches. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export class CaddyError extends Error {
  override name = 'CaddyError';
}

/** @returns the path of the program @throws CaddyError, which says what to do */
export function findCaddy(environment: NodeJS.ProcessEnv = process.env): string {
  const named = environment['CADDY_PATH'] ?? '';
  if (named !== '') {
    if (!existsSync(named)) throw new CaddyError(`CADDY_PATH is "${named}", and there is no such file.`);
    return named;
  }
  const installed = (environment['PATH'] ?? '').split(delimiter).filter(Boolean).flatMap((folder) => [join(folder, 'caddy'), join(folder, 'caddy.exe')]).find((path) => existsSync(path));
  return installed ?? unpacked();
}

function unpacked(): string {
  const cache = fileURLToPath(new URL('../node_modules/.cache', import.meta.url));
  const program = join(cache, 'caddy-debian/usr/bin/caddy');
  if (existsSync(program)) return program;
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'caddy-'));
  try {
    run('apt-get', ['download', 'caddy'], folder);
    const archive = readdirSync(folder).find((name) => name.endsWith('.deb')) ?? '';
    run('dpkg-deb', ['--extract', archive, '.'], folder);
    rmSync(join(folder, archive));
    if (!existsSync(program)) renameSync(folder, join(cache, 'caddy-debian'));
    return program;
  } catch (error) {
    throw new CaddyError(`Caddy was not found, and Debian's package cannot be fetched (${error instanceof Error ? error.message.trim() : error}): install it (https://caddyserver.com/docs/install), or set CADDY_PATH to its program.`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function run(program: string, args: readonly string[], folder: string): void {
  try {
    execFileSync(program, args, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
  } catch (error) {
    const said = error instanceof Error && 'stderr' in error && error.stderr instanceof Buffer ? error.stderr.toString() : '';
    // A fresh machine knows no packages yet.
    if (program !== 'apt-get' || process.getuid?.() !== 0) throw new Error(said || String(error));
    execFileSync('apt-get', ['update', '--quiet'], { stdio: 'ignore' });
    execFileSync(program, args, { cwd: folder, stdio: 'ignore' });
  }
}
