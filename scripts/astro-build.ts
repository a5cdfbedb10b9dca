/** A build of the site as a process of its own, with little memory: `npm run build`, and what else builds. */
import { spawnSync } from 'node:child_process';
import type { SpawnSyncOptions, SpawnSyncReturns } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { filesBelow } from '../src/catalogue/files.ts';

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

/** Arguments for Node that build the site in `folder`. */
export function buildArguments(args: readonly string[] = [], folder = root): string[] {
  // V8 lets garbage grow to as much as what is in use. Less takes more time (a third took 18 % with 59 patterns), which a small catalogue need not pay.
  const isLarge = filesBelow(folder, 'content/docs/patterns', '.mdx').length >= largeCatalogue;
  return [...(isLarge ? ['--heap-growing-percent=20'] : []), join(root, 'node_modules/astro/bin/astro.mjs'), 'build', ...args];
}

/** @param args for `astro build` @param options those of a process; `cwd` is the folder of the site */
export function buildSite(args: readonly string[], options: SpawnSyncOptions = {}): SpawnSyncReturns<string | Buffer> {
  return spawnSync(process.execPath, buildArguments(args, String(options.cwd ?? root)), { cwd: root, stdio: 'inherit', ...options, env: { ...leanEnvironment, ASTRO_TELEMETRY_DISABLED: '1', ...(options.env ?? process.env) } });
}
