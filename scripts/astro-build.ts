/** A build of the site as processes of their own, with little memory: `npm run build`, and what else builds. */
import { spawnSync } from 'node:child_process';
import type { SpawnSyncOptions, SpawnSyncReturns } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { filesBelow } from '../src/catalogue/files.ts';
import { laterVariable } from '../src/integrations/written-site.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
/** Patterns. */
const largeCatalogue = 100;

/**
 * Allocators read this when a process begins. The bundler's (mimalloc) keeps pages that it needs no more and fills huge ones; the
 * system's (glibc) has an arena a thread and gives back little.
 */
export const leanEnvironment = {
  MIMALLOC_PURGE_DELAY: '0',
  MIMALLOC_ALLOW_THP: '0',
  MALLOC_ARENA_MAX: '1',
  MALLOC_TRIM_THRESHOLD_: String(128 * 1024),
};

/** One process after the other, each with the arguments that Node gets. */
export interface BuildProcesses { processes: string[][]; env: Record<string, string> }

/** @param args for `astro build` @param folder of the site */
export function buildProcesses(args: readonly string[] = [], folder = root): BuildProcesses {
  // V8 lets garbage grow to as much as what is in use, and what is new take tens of megabytes (64 to 128 were seen). Less takes more time (a third of garbage took 18 % with 59 patterns), which a small catalogue need not pay.
  const isLarge = filesBelow(folder, 'content/docs/patterns', '.mdx').length >= largeCatalogue;
  return {
    processes: [
      [...(isLarge ? ['--heap-growing-percent=20', '--max-semi-space-size=8'] : []), join(root, 'node_modules/astro/bin/astro.mjs'), 'build', ...args],
      [join(folder, 'src/integrations/last-steps-process.ts')],
    ],
    env: { ...leanEnvironment, ASTRO_TELEMETRY_DISABLED: '1', [laterVariable]: join(tmpdir(), `written-site-${randomUUID()}.json`) },
  };
}

/** @param args for `astro build` @param options those of a process; `cwd` is the folder of the site @returns what the last process said that was started, with the words of the one before */
export function buildSite(args: readonly string[], options: SpawnSyncOptions = {}): SpawnSyncReturns<string | Buffer> {
  const { processes, env } = buildProcesses(args, String(options.cwd ?? root));
  const ended: SpawnSyncReturns<string | Buffer>[] = [];
  for (const each of processes) {
    ended.push(spawnSync(process.execPath, each, { cwd: root, stdio: 'inherit', ...options, env: { ...env, ...(options.env ?? process.env) } }));
    if (ended.at(-1)?.status !== 0) break;
  }
  return { ...ended.at(-1)!, stdout: ended.map(({ stdout }) => stdout).join(''), stderr: ended.map(({ stderr }) => stderr).join('') };
}
