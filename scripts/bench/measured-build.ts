/** A build in processes of its own, and what it took. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { buildProcesses } from '../astro-build.ts';

export interface BuildCost {
  /** User and system time, of its helpers too on Linux; elsewhere of the build alone. */
  cpuMs: number;
  wallMs: number;
  /** Peak of resident memory: on Linux of all its processes together, looked at ten times a second; elsewhere of the build alone. */
  peakBytes: number;
}

/** Whether the processes that a build starts can be counted. */
export const countsHelpers = existsSync('/proc/self/stat');

const usageFile = 'build-usage.json';
/** Linux counts in hundredths of a second, on every machine. */
const tickMs = 10;

/** @param folder of the site @param options for Node @throws with the last words of a build that failed */
export async function measuredBuild(folder: string, options: readonly string[] = []): Promise<BuildCost> {
  const [startMs, cpuBeforeMs] = [performance.now(), reapedCpuMs()];
  const { processes, env } = buildProcesses([], folder);
  const own: Usage[] = [];
  const peaks: number[] = [];
  for (const each of processes) {
    const usage = join(folder, usageFile);
    rmSync(usage, { force: true });
    peaks.push(await watched(['--import', new URL('./report-usage.mjs', import.meta.url).href, ...options, ...each], folder, { ...env, ...process.env, NO_COLOR: '1', FORCE_COLOR: '0', BENCH_USAGE: usage }));
    own.push(JSON.parse(readFileSync(usage, 'utf8')) as Usage);
  }
  return {
    wallMs: performance.now() - startMs,
    cpuMs: countsHelpers ? reapedCpuMs() - cpuBeforeMs : own.reduce((sum, { cpuMs }) => sum + cpuMs, 0),
    peakBytes: Math.max(...peaks, ...own.map(({ peakBytes }) => peakBytes)),
  };
}

interface Usage { cpuMs: number; peakBytes: number }

/** @returns the peak of its tree, in bytes */
async function watched(args: readonly string[], folder: string, env: NodeJS.ProcessEnv): Promise<number> {
  const build = spawn(process.execPath, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'], env });
  let words = '';
  for (const stream of [build.stdout, build.stderr]) stream.setEncoding('utf8').on('data', (text: string) => { words = (words + text).slice(-4000); });
  let peakBytes = 0;
  const watch = setInterval(() => { peakBytes = Math.max(peakBytes, treeBytes(build.pid ?? 0)); }, 100);
  const code = await new Promise((resolve, reject) => build.once('error', reject).once('close', resolve));
  clearInterval(watch);
  if (code !== 0) throw new Error(`the build in ${folder} ended with ${code}:\n${words}`);
  return peakBytes;
}

/** Of all processes that this one, or one of its own, has waited for. */
function reapedCpuMs(): number {
  if (!countsHelpers) return 0;
  const [children = 0, kernel = 0] = statOf('self').slice(13, 15).map(Number);
  return (children + kernel) * tickMs;
}

function treeBytes(pid: number): number {
  if (!countsHelpers) return 0;
  const parents = readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map((name) => ({ name, parent: Number(statOf(name)[1]) }));
  const tree = [pid];
  for (const each of tree) tree.push(...parents.filter(({ parent }) => parent === each).map(({ name }) => Number(name)));
  return tree.reduce((sum, each) => sum + residentBytes(each), 0);
}

function residentBytes(pid: number): number {
  return Number(/^VmRSS:\s+(\d+)/m.exec(fileText(`/proc/${pid}/status`))?.[1] ?? 0) * 1024;
}

/** The fields behind the name, which may hold blanks. */
function statOf(pid: string): string[] {
  return fileText(`/proc/${pid}/stat`).replace(/^.*\) /s, '').split(' ');
}

/** A process may be gone before it is read. */
function fileText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
