/**
 * How long a reader waits for the default run of each simulator: in Chromium, in the worker that the page starts. Needs a
 * built site; takes the name of one example, or nothing. Milliseconds of the clock grow with whatever else this machine does; those of the processor hardly do.
 */
import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { preview } from 'astro';
import type { Staged } from '../src/simulator/scenario.ts';
import { defaultSeed, defaultSettings } from '../src/simulator/settings.ts';
import { launchBrowser } from './browser.ts';

const rounds = 9;
const root = fileURLToPath(new URL('..', import.meta.url));
const examples = new URL('../src/examples/', import.meta.url);

const server = await preview({ root, logLevel: 'warn', server: { host: '127.0.0.1', port: 4391 } });
const browser = await launchBrowser();
try {
  const page = await browser.newPage();
  const system = await browser.newBrowserCDPSession();
  const processorMs = async (): Promise<number> => {
    const { processInfo } = await system.send('SystemInfo.getProcessInfo');
    return processInfo.filter(({ type }) => type === 'renderer').reduce((sum, { cpuTime }) => sum + cpuTime * 1000, 0);
  };
  console.log(`Chromium ${browser.version()}, ${rounds} first runs, each in a new worker\n${'example'.padEnd(24)} processor (median)   clock (fastest, median)`);
  for (const slug of readdirSync(examples).filter((name) => existsSync(new URL(`${name}/scenario.ts`, examples)) && (process.argv[2] ?? name) === name)) {
    const { scenario: { durationMs, frameMs, variants, ...scenario } } = await import(new URL(`${slug}/scenario.ts`, examples).href) as Staged;
    const folder = ['patterns', 'guides'].find((each) => existsSync(new URL(`../dist/${each}/${slug}/`, import.meta.url))) ?? 'patterns';
    await page.goto(`http://127.0.0.1:${server.port}/${folder}/${slug}/`, { waitUntil: 'networkidle' });
    const question = { id: 1, frame: { durationMs, frameMs, variants }, settings: defaultSettings(scenario), seed: defaultSeed };
    const processor: number[] = [];
    const clock: number[] = [];
    for (let round = 0; round < rounds; round++) {
      await page.evaluate(begin);
      const beforeMs = await processorMs();
      clock.push(await page.evaluate(run, question));
      processor.push(await processorMs() - beforeMs);
    }
    console.log(slug.padEnd(24), median(processor).toFixed(0).padStart(18), Math.min(...clock).toFixed(0).padStart(16), median(clock).toFixed(0).padStart(7));
  }
} finally {
  await browser.close();
  await server.stop();
}

interface Held { worker?: Worker }

/** In the page: starts its worker, and waits until it is there. */
function begin(): Promise<void> {
  const worker = new Worker(document.querySelector<HTMLElement>('pattern-simulator')?.dataset['worker'] ?? '', { type: 'module' });
  (globalThis as Held).worker = worker;
  return new Promise((resolve) => worker.addEventListener('message', () => resolve(), { once: true }));
}

/** In the page: asks it once. */
function run(question: object): Promise<number> {
  const { worker } = globalThis as Held;
  const startMs = performance.now();
  return new Promise((resolve, reject) => {
    worker?.addEventListener('message', ({ data: { failure } }: MessageEvent<{ failure?: string }>) => {
      worker.terminate();
      if (failure === undefined) resolve(performance.now() - startMs);
      else reject(new Error(failure));
    });
    worker?.postMessage(question);
  });
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
}
