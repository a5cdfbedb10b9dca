/** What pages of the built site cost a reader, in a real browser: `npm run bench:pages -- --runs 5`. */
import { existsSync } from 'node:fs';
import { cpus } from 'node:os';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { buildSite } from './astro-build.ts';
import { firstAnswer, sliding, typing } from './bench/interactions.ts';
import type { Interaction } from './bench/interactions.ts';
import { browserProgram, categories, installLighthouse, lighthouse, lighthouseVersion } from './bench/lighthouse.ts';
import type { LighthouseRun } from './bench/lighthouse.ts';
import { asLiveHost } from './bench/live-host.ts';
import { markdownTable } from './bench/markdown-table.ts';
import { launchBrowser } from './browser.ts';
import { filesIn } from './files-in.ts';
import { staticServer } from './static-server.ts';

const usage = `Usage: npm run bench:pages -- [--runs 5] [--site dist] [address …]

Lighthouse (mobile) and interactions on a built site, which is built where it is missing. Prints medians as Markdown.`;
const root = fileURLToPath(new URL('..', import.meta.url));
const usualPages = ['/', '/find/', '/patterns/circuit-breaker/', '/problems/a-retry-repeats-a-side-effect/', '/map/'];

const { runs, site, addresses } = readArguments(process.argv.slice(2));
if (!existsSync(join(site, 'index.html'))) build();
installLighthouse();
const server = asLiveHost(staticServer(filesIn(site), { indexed: true }));
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const browser = await launchBrowser();
try {
  console.log(`Chromium ${browser.version()}, Lighthouse ${lighthouseVersion} (mobile), median of ${runs}; ${cpus().length} × ${cpus()[0]?.model ?? 'processor'}\n`);
  const program = await browserProgram();
  const measured: { address: string; runs: LighthouseRun[] }[] = [];
  for (const address of addresses) measured.push({ address, runs: await several(() => lighthouse(`${origin}${address}`, program)) });
  console.log(`${lighthouseTable(measured)}\n`);
  const faults = measured.flatMap(({ address, runs: all }) => [...new Set(all.flatMap((run) => run.faults))].map((fault) => `- ${address} ${fault}`));
  console.log(faults.length === 0 ? 'No audit that counts was below 1 in any run.\n' : `Audits that count and were below 1 in some run:\n\n${faults.join('\n')}\n`);
  console.log(`${interactionTable([await several(() => typing(browser, origin)), await several(() => sliding(browser, origin))])}\n`);
  const answers = await several(() => firstAnswer(browser, origin));
  console.log(markdownTable([['key press to the first answer of the finder, slow 4G, four-fold slowdown', 'ms'], ['as soon as the box has the focus', ms(median(answers.map(({ coldMs }) => coldMs)))], ['two seconds after that', ms(median(answers.map(({ openedMs }) => openedMs)))], ['after another answer', ms(median(answers.map(({ warmMs }) => warmMs)))]]));
} finally {
  await browser.close();
  server.close();
}

async function several<Result>(run: () => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  for (let at = 0; at < runs; at++) results.push(await run());
  return results;
}

function lighthouseTable(all: readonly { address: string; runs: readonly LighthouseRun[] }[]): string {
  return markdownTable([
    ['page', 'requests', 'bytes on the wire', 'perf / a11y / best practice / SEO', 'first paint', 'largest paint', 'blocked', 'layout shift'],
    ...all.map(({ address, runs: own }): [string, ...string[]] => {
      const of = (value: (run: LighthouseRun) => number): number => median(own.map(value));
      return [
        address, String(of(({ requests }) => requests)), `${(of(({ bytes }) => bytes) / 1024).toFixed(1)} KB`, categories.map((category) => of(({ scores }) => scores[category])).join(' / '),
        ms(of(({ firstPaintMs }) => firstPaintMs)), ms(of(({ largestPaintMs }) => largestPaintMs)), ms(of(({ blockedMs }) => blockedMs)), String(Number(of(({ shift }) => shift).toFixed(4))),
      ];
    }),
  ]);
}

function interactionTable(all: readonly (readonly Interaction[])[]): string {
  return markdownTable([
    ['interaction, four-fold slowdown', 'times', 'median', 'slowest of a run (median of runs)', 'slowest of all'],
    ...all.map((own): [string, ...string[]] => {
      const every = own.flatMap(({ durationsMs }) => durationsMs);
      return [own[0]?.name ?? '', String(every.length), ms(median(every)), ms(median(own.map(({ durationsMs }) => Math.max(...durationsMs)))), ms(Math.max(...every))];
    }),
  ]);
}

/** The middle one, the lower of two. */
function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? Number.NaN;
}

function ms(value: number): string {
  return `${value.toFixed(0)} ms`;
}

function build(): void {
  console.error('Building the site …');
  const { status } = buildSite(['--outDir', site], { stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0) throw new Error('the build failed; its messages stand above');
}

function readArguments(args: string[]): { runs: number; site: string; addresses: readonly string[] } {
  try {
    const { values, positionals } = parseArgs({ args, allowPositionals: true, options: { runs: { type: 'string', default: '5' }, site: { type: 'string', default: join(root, 'dist') }, help: { type: 'boolean', short: 'h' } } });
    const number = Number(values.runs);
    if (values.help === true || !Number.isInteger(number) || number < 1) throw new TypeError('--runs is a whole number');
    return { runs: number, site: values.site, addresses: positionals.length === 0 ? usualPages : positionals };
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n\n${usage}`);
    process.exit(2);
  }
}
