/** Lighthouse, in a folder of its own: it is larger than the rest of the development tools, and only measuring wants it. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { browserCandidates, browserFlags } from '../browser.ts';
import type { FoundBrowser } from '../browser.ts';

export const lighthouseVersion = '13.5.0';
export const categories = ['performance', 'accessibility', 'best-practices', 'seo'] as const;

export interface LighthouseRun {
  scores: Record<typeof categories[number], number>;
  firstPaintMs: number;
  largestPaintMs: number;
  blockedMs: number;
  shift: number;
  requests: number;
  bytes: number;
  /** What took points, by id. */
  faults: string[];
}

/** What is read of its report. */
interface Report {
  categories: Record<string, { score: number | null; auditRefs: { id: string; weight: number }[] }>;
  audits: Record<string, { score: number | null; numericValue?: number; details?: { items?: { url?: string; transferSize?: number }[] } }>;
  runtimeError?: { message: string };
}

const folder = fileURLToPath(new URL(`../../node_modules/.cache/lighthouse-${lighthouseVersion}`, import.meta.url));
const program = join(folder, 'node_modules/lighthouse/cli/index.js');

/** @throws when it is not there and npm does not bring it */
export function installLighthouse(): void {
  if (existsSync(program)) return;
  const npm = process.env['npm_execpath'];
  if (npm === undefined) throw new Error(`Lighthouse ${lighthouseVersion} is not there; npm installs it when this is started by \`npm run bench:pages\``);
  console.error(`Installing Lighthouse ${lighthouseVersion} below node_modules/.cache …`);
  mkdirSync(folder, { recursive: true });
  const { status } = spawnSync(process.execPath, [npm, 'install', '--prefix', folder, '--no-audit', '--no-fund', '--ignore-scripts', `lighthouse@${lighthouseVersion}`], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0 || !existsSync(program)) throw new Error(`npm could not install Lighthouse ${lighthouseVersion}; its messages stand above`);
}

/** The first installed browser that starts. */
export async function browserProgram(): Promise<FoundBrowser> {
  for (const find of browserCandidates()) {
    const found = await find();
    if (spawnSync(found.executablePath, ['--version'], { env: { ...process.env, ...found.env } }).status === 0) return found;
  }
  throw new Error('No browser was found: install Chromium or Google Chrome, or set CHROME_PATH to the program of one');
}

/** One run with a fresh profile, as Lighthouse emulates a phone. A run of which it recorded nothing is no measurement and is taken again, twice at most. */
export async function lighthouse(url: string, browser: FoundBrowser): Promise<LighthouseRun> {
  for (let left = 2; ; left--) {
    try {
      return await recorded(url, browser);
    } catch (error) {
      if (left === 0) throw error;
      console.error(`${error instanceof Error ? error.message : error}; once more`);
    }
  }
}

async function recorded(url: string, { executablePath, env }: FoundBrowser): Promise<LighthouseRun> {
  const file = join(folder, `report-${process.pid}.json`);
  const child = spawn(process.execPath, [program, url, '--quiet', '--output=json', `--output-path=${file}`, `--only-categories=${categories.join(',')}`, '--no-enable-error-reporting', `--chrome-flags=${browserFlags.join(' ')}`], {
    stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, ...env, CHROME_PATH: executablePath },
  });
  const code = await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve));
  if (code !== 0) throw new Error(`Lighthouse ended with ${code} on ${url}`);
  const report = JSON.parse(readFileSync(file, 'utf8')) as Report;
  rmSync(file);
  if (report.runtimeError !== undefined) throw new Error(`Lighthouse on ${url}: ${report.runtimeError.message}`);
  return runOf(report);
}

function runOf({ categories: found, audits }: Report): LighthouseRun {
  const value = (id: string): number => audits[id]?.numericValue ?? Number.NaN;
  const requests = (audits['network-requests']?.details?.items ?? []).filter(({ url = '' }) => url.startsWith('http'));
  return {
    scores: Object.fromEntries(categories.map((category) => [category, Math.round((found[category]?.score ?? Number.NaN) * 100)])) as LighthouseRun['scores'],
    firstPaintMs: value('first-contentful-paint'),
    largestPaintMs: value('largest-contentful-paint'),
    blockedMs: value('total-blocking-time'),
    shift: value('cumulative-layout-shift'),
    requests: requests.length,
    bytes: requests.reduce((sum, { transferSize = 0 }) => sum + transferSize, 0),
    faults: categories.flatMap((category) => (found[category]?.auditRefs ?? []).filter(({ id, weight }) => weight > 0 && audits[id]?.score !== null && (audits[id]?.score ?? 1) < 1).map(({ id }) => `${category}: ${id} ${(audits[id]?.score ?? 0).toFixed(2)}`)),
  };
}
