/** What a build costs as the catalogue grows: `npm run bench:build -- 100 300`, numbers of patterns. */
import { appendFileSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { writeLargerSite } from './bench/larger-site.ts';
import { markdownTable } from './bench/markdown-table.ts';
import { countsHelpers, measuredBuild } from './bench/measured-build.ts';
import type { BuildCost } from './bench/measured-build.ts';
import { siteSizes } from './bench/site-sizes.ts';
import type { SiteSizes } from './bench/site-sizes.ts';

const usage = `Usage: npm run bench:build -- [100 300 1000] [--keep] [--profile]

Builds copies of this repository with so many patterns, below .test-results, without caches and then again with one page changed.
--keep leaves the copies, --profile writes a profile of the processor into each.`;
const root = fileURLToPath(new URL('..', import.meta.url));

interface Measured { patterns: number; problems: number; cold: BuildCost; warm: BuildCost; sizes: SiteSizes }

const { sizes, keep, profile } = readArguments(process.argv.slice(2));
const results: Measured[] = [];
for (const size of sizes) results.push(await measure(size));
console.log(`Node ${process.versions.node}, ${availableParallelism()} processors${countsHelpers ? '' : '; the processes that a build starts are not counted on this system'}\n`);
console.log(`${costTable(results)}\n\n${sizeTable(results)}`);

async function measure(size: number): Promise<Measured> {
  const folder = join(root, '.test-results', `bench-build-${size}`);
  try {
    const { patterns, problems, page } = writeLargerSite(root, folder, size);
    // Caches lie in the copy, which is new.
    console.error(`${size} patterns: first build …`);
    const cold = await measuredBuild(folder, profile ? ['--cpu-prof', `--cpu-prof-dir=${join(folder, 'profile')}`] : []);
    appendFileSync(join(folder, page), '\nOne more sentence at the end of this page.\n');
    console.error(`${size} patterns: second build, one page changed …`);
    const warm = await measuredBuild(folder);
    return { patterns, problems, cold, warm, sizes: siteSizes(join(folder, 'dist')) };
  } finally {
    if (!keep && !profile) rmSync(folder, { recursive: true, force: true });
  }
}

/** The further pages are what counts: what a build costs however few there are is left out of them. */
function costTable(all: readonly Measured[]): string {
  return markdownTable([
    ['patterns', 'problems', 'HTML files', 'CPU, s', 'wall, s', 'peak, MB', 'CPU ms an HTML file', 'CPU ms a further pattern', 'one page changed: CPU, s', 'of the first'],
    ...all.map(({ patterns, problems, cold, warm, sizes: { pages } }, at): [string, ...string[]] => {
      const before = all[at - 1];
      const further = before === undefined ? '' : ((cold.cpuMs - before.cold.cpuMs) / (patterns - before.patterns)).toFixed(0);
      return [String(patterns), String(problems), String(pages), seconds(cold.cpuMs), seconds(cold.wallMs), (cold.peakBytes / 1e6).toFixed(0), (cold.cpuMs / pages).toFixed(1), further, seconds(warm.cpuMs), `${(100 * warm.cpuMs / cold.cpuMs).toFixed(0)} %`];
    }),
  ]);
}

function sizeTable(all: readonly Measured[]): string {
  const bytes = (value: number): string => `${(value / 1024).toFixed(1)} KB`;
  return markdownTable([
    ['patterns', 'a pattern, raw', 'gzip', 'brotli', 'the largest, raw', 'gzip', 'brotli', 'finder index, gzip', 'search index', 'offline list, gzip', 'sitemap, gzip', 'simulator, gzip'],
    ...all.map(({ patterns, sizes: { pattern: { mean, largest }, ...others } }): [string, ...string[]] => [
      String(patterns), ...[mean.raw, mean.gzip, mean.brotli, largest.raw, largest.gzip, largest.brotli, others.finderIndex, others.searchIndex, others.offlineList, others.sitemap, others.simulatorScript].map(bytes),
    ]),
  ]);
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(1);
}

function readArguments(args: string[]): { sizes: number[]; keep: boolean; profile: boolean } {
  try {
    const { values, positionals } = parseArgs({ args, allowPositionals: true, options: { keep: { type: 'boolean' }, profile: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } });
    const numbers = (positionals.length === 0 ? ['100', '300', '1000'] : positionals).map(Number);
    if (values.help === true || numbers.some((each) => !Number.isInteger(each) || each < 1)) throw new TypeError('sizes are whole numbers');
    return { sizes: numbers, keep: values.keep === true, profile: values.profile === true };
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n\n${usage}`);
    process.exit(2);
  }
}
