/** What somebody sees who writes a page beside the dev server: the page, and what is wrong with it. In a copy of the repository. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import type { Browser, Page, Request } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { launchBrowser } from '../../scripts/browser.ts';
import { runNew } from '../../scripts/new/run.ts';
import { root } from '../architecture/repository.ts';
import { PlantedTree } from '../content/planted-tree.ts';
import { freePort } from '../free-port.ts';

const file = 'content/docs/patterns/resilience/warm-kettle.mdx';
const address = '/patterns/warm-kettle/';
/** Two seconds on a machine that is at rest; what a test waits for at most says nothing about that. */
const patience = { timeout: 120_000, interval: 100 };

let tree: PlantedTree;
let server: ChildProcess;
let origin: string;
let told = '';
let browser: Browser;
let page: Page;
/** As `npm run new` left it. */
let begun: string;

/** Undefined where a reload overtook it. */
const visit = (at: string): Promise<number | undefined> => page.goto(`${origin}${at}`, { waitUntil: 'domcontentloaded' }).then((answer) => answer?.status(), () => undefined);
const save = (text: string): void => writeFileSync(join(tree.folder, file), text);
const inMain = (text: string): Promise<boolean> => page.evaluate((words) => document.querySelector('main')?.textContent?.includes(words) ?? false, text).catch(() => false);
const shown = (): Promise<string | null> => page.locator('main h1').textContent({ timeout: 1000 }).catch(() => '');
const overlay = (): Promise<string> => page.evaluate(() => document.querySelector('vite-error-overlay')?.shadowRoot?.querySelector('#message')?.textContent ?? '').catch(() => 'on its way');

/** The page by its heading; a failure tells what stood there instead, and what the server said. */
async function untilShown(title: string): Promise<void> {
  let asked = 0;
  const note = (request: Request): void => { if (request.isNavigationRequest()) asked += 1; };
  page.on('request', note);
  try {
    await expect.poll(shown, patience).toBe(title);
  } catch (cause) {
    const there = await Promise.race([page.content().catch(String), new Promise<string>((resolve) => setTimeout(resolve, 5000, 'no answer from the page'))]);
    throw new Error(`${String(cause)}\n${asked} times asked for a page\n${page.url()}\n${there.slice(0, 2000)}\n${told.slice(-3000)}`, { cause });
  } finally {
    page.off('request', note);
  }
}

beforeAll(async () => {
  tree = new PlantedTree('dev');
  const port = await freePort();
  // As in a terminal: with what a test runner says of itself, the server would not look for changes.
  const own = Object.fromEntries(Object.entries(process.env).filter(([name]) => name !== 'NODE_ENV' && !name.startsWith('VITE')));
  origin = `http://127.0.0.1:${port}`;
  server = spawn(process.execPath, [join(root, 'node_modules/astro/bin/astro.mjs'), 'dev', '--port', String(port)], {
    cwd: tree.folder, env: { ...own, ASTRO_TELEMETRY_DISABLED: '1', NO_COLOR: '1', FORCE_COLOR: '0' },
  });
  const ready = new Promise<void>((resolve, reject) => {
    for (const stream of [server.stdout, server.stderr]) stream?.on('data', (data) => {
      told += String(data);
      if (told.includes('ready in')) resolve();
    });
    server.once('exit', (code) => reject(new Error(`astro dev ended with exit code ${code}:\n${told}`)));
  });
  [browser] = await Promise.all([launchBrowser(), ready]);
}, 400_000);

/** A tab of its own each: a reload that the last page was still to hear of overtakes the visit to the next, and the tab may wait for ever. */
beforeEach(async () => {
  await Promise.all(browser.contexts().map((context) => context.close()));
  page = await browser.newPage();
  page.setDefaultTimeout(patience.timeout);
});

afterAll(async () => {
  await browser?.close();
  if (server?.exitCode === null) await new Promise((resolve) => { server.once('exit', resolve).kill(); });
  tree?.remove();
});

describe('the dev server', () => {
  test('shows a page that npm run new began, with its diagrams', async () => {
    const [output, errors] = [new PassThrough(), new PassThrough()];
    const options = ['warm-kettle', '--category', 'resilience', '--title', 'Warm Kettle', '--description', 'Keep the water warm so that the next cup is quick.'];
    expect(await runNew(options, { root: tree.folder, input: Readable.from([]), output, errors })).toBe(0);
    begun = readFileSync(join(tree.folder, file), 'utf8');
    await expect.poll(() => visit(address), patience).toBe(200);
    await untilShown('Warm Kettle');
    await expect.poll(() => page.locator('figure.diagram svg').count(), patience).toBe(begun.match(/^```mermaid/gm)?.length);
    expect(told, 'nothing is wrong with it on the way').not.toContain('[live-checks]');
  }, 400_000);

  test('shows a change of words and of a diagram with one reload, without a restart', async () => {
    // From then on it hears of changes.
    const connected = page.waitForEvent('console', (message) => message.text().includes('[vite] connected'));
    await visit(address);
    await connected;
    let reloads = 0;
    // Also one that another overtakes before it has loaded.
    const count = (request: Request): void => { if (request.isNavigationRequest() && request.frame() === page.mainFrame()) reloads += 1; };
    page.on('request', count);
    save(begun.replace('## Problem\n', '## Problem\n\nIt whistles.\n').replace(/^( {2}\w+)\[[^\]]*\]/m, '$1[Clouds]'));
    await expect.poll(() => inMain('It whistles.'), patience).toBe(true);
    expect(await page.locator('figure.diagram svg').first().textContent()).toContain('Clouds');
    // A second reload would come within this time, as the first did.
    await page.waitForTimeout(3000);
    page.off('request', count);
    expect(reloads).toBe(1);
    expect(told.match(/ready in/g)).toHaveLength(1);
  }, 400_000);

  test.each([
    { what: 'a key that nobody knows', broken: (text: string) => text.replace('symptoms:', 'symptons:'), says: /warm-kettle\.mdx:\d+:1 {2}unknown-key[\s\S]*did you mean "symptoms"\?/ },
    { what: 'a diagram that cannot be read', broken: (text: string) => text.replace('```mermaid', '```mermaid title="Broken"\nflowchart TD\n  kettle[Kettle] ==->\n```\n\n```mermaid'), says: /Mermaid diagram in content\/docs\/patterns\/resilience\/warm-kettle\.mdx:\d+:\d+: syntax error/ },
  ])('lays $what over the page and tells it in the terminal, until it is mended', async ({ what, broken, says }) => {
    save(begun);
    await expect.poll(() => visit(address), patience).toBe(200);
    await expect.poll(overlay, patience).toBe('');
    const before = told.length;
    save(broken(begun));
    await expect.poll(overlay, patience).toMatch(says);
    await expect.poll(() => told.slice(before), patience).toMatch(says);
    save(begun.replace('## Problem\n', `## Problem\n\nMended: ${what}.\n`));
    await expect.poll(() => inMain(`Mended: ${what}.`), patience).toBe(true);
    await expect.poll(overlay, patience).toBe('');
  }, 600_000);

  test('asks again by itself for a page that is not there yet', async () => {
    await expect.poll(() => visit('/problems/the-kettle-whistles/'), patience).toBe(404);
    const text = readFileSync(join(root, 'content/docs/problems/a-retry-repeats-a-side-effect.mdx'), 'utf8').replace(/^title: .*$/m, 'title: The kettle whistles');
    writeFileSync(join(tree.folder, 'content/docs/problems/the-kettle-whistles.mdx'), text);
    await untilShown('The kettle whistles');
  }, 400_000);

  test('answers with what is wrong where a new page cannot be shown yet', async () => {
    const problem = readFileSync(join(root, 'content/docs/problems/a-retry-repeats-a-side-effect.mdx'), 'utf8').replace(/^title: .*$/m, 'title: The tap drips');
    const other = join(tree.folder, 'content/docs/problems/the-tap-drips.mdx');
    writeFileSync(other, problem.replace('kind: problem', 'kind: problm'));
    await expect.poll(async () => { await visit('/problems/the-tap-drips/'); return page.evaluate(() => document.body.textContent); }, patience).toMatch(/the-tap-drips\.mdx:\d+:\d+ {2}unknown-word/);
    writeFileSync(other, problem);
    await untilShown('The tap drips');
  }, 400_000);

  test('shows a page that is empty for a moment while it is saved', async () => {
    const file = join(tree.folder, 'content/docs/problems/the-door-creaks.mdx');
    const text = (title: string): string => readFileSync(join(root, 'content/docs/problems/a-retry-repeats-a-side-effect.mdx'), 'utf8').replace(/^title: .*$/m, `title: ${title}`);
    await expect.poll(() => visit('/problems/the-door-creaks/'), patience).toBe(404);
    writeFileSync(file, text('The door creaks'));
    await untilShown('The door creaks');
    writeFileSync(file, '');
    // Within the time in which the watcher tells nothing more of a file.
    await new Promise((resolve) => setTimeout(resolve, 20));
    writeFileSync(file, text('The door is oiled'));
    await untilShown('The door is oiled');
    await expect.poll(overlay, patience).toBe('');
  }, 400_000);

  test('knows a question as soon as it is saved', async () => {
    const words = async (): Promise<string> => (await fetch(`${origin}/find/index.json`)).text();
    const before = await words();
    writeFileSync(join(tree.folder, 'content/data/questions/saga.yaml'), '- Zeppelin zeppelin, why did the zeppelin leave?\n- The zeppelin left again\n');
    await expect.poll(words, patience).not.toBe(before);
  }, 300_000);

  test('leads on from an address that was given up', async () => {
    writeFileSync(join(tree.folder, 'content/data/redirects.yaml'), '- { from: /patterns/old-saga/, to: /patterns/saga/, since: 2026-11-27 }\n');
    const answer = await fetch(`${origin}/patterns/old-saga/`, { redirect: 'manual', headers: { accept: 'text/html' } });
    expect([answer.status, answer.headers.get('location')]).toEqual([302, '/patterns/saga/']);
    await visit('/patterns/old-saga/');
    expect(new URL(page.url()).pathname).toBe('/patterns/saga/');
  }, 300_000);
});
