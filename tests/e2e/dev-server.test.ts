/** What somebody sees who writes a page beside the dev server: the page, and what is wrong with it. In a copy of the repository. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchBrowser } from '../../scripts/browser.ts';
import { root } from '../architecture/repository.ts';
import { PlantedTree } from '../content/planted-tree.ts';
import { freePort } from '../free-port.ts';

const file = 'content/docs/problems/the-kettle-boils-over.mdx';
const address = '/problems/the-kettle-boils-over/';
/** A page that is right; each test changes something and puts it back. */
const written = readFileSync(join(root, 'content/docs/problems/a-retry-repeats-a-side-effect.mdx'), 'utf8')
  .replace(/^title: .*$/m, 'title: The kettle boils over')
  .replace('## Tell them apart\n', `## Tell them apart

\`\`\`mermaid title="What happens"
flowchart TD
  accTitle: A kettle
  accDescr: The kettle boils.
  kettle[Kettle] --> steam[Steam]
\`\`\`

<Snippet file="circuit-breaker/circuit-breaker.ts" region="admit" />
`)
  .replace('TellApart }', 'Snippet, TellApart }');
const patience = { timeout: 60_000, interval: 100 };

let tree: PlantedTree;
let server: ChildProcess;
let origin: string;
let told = '';
let browser: Browser;
let page: Page;

const save = (text: string): void => writeFileSync(join(tree.folder, file), text);
const shown = (): Promise<string> => page.evaluate(() => document.querySelector('main')?.textContent ?? '').catch(() => '');
const overlay = (): Promise<string> => page.evaluate(() => document.querySelector('vite-error-overlay')?.shadowRoot?.querySelector('#message')?.textContent ?? '').catch(() => 'on its way');

beforeAll(async () => {
  tree = new PlantedTree('dev');
  const port = await freePort();
  origin = `http://127.0.0.1:${port}`;
  server = spawn(process.execPath, [join(root, 'node_modules/astro/bin/astro.mjs'), 'dev', '--port', String(port)], {
    cwd: tree.folder, env: { ...process.env, ASTRO_TELEMETRY_DISABLED: '1', NO_COLOR: '1', FORCE_COLOR: '0' },
  });
  for (const stream of [server.stdout, server.stderr]) stream?.on('data', (data) => { told += String(data); });
  [browser] = await Promise.all([launchBrowser(), expect.poll(() => told, { timeout: 120_000 }).toContain('ready in')]);
  page = await browser.newPage();
  await page.goto(`${origin}/problems/a-retry-repeats-a-side-effect/`, { timeout: 120_000 });
}, 300_000);

afterAll(async () => {
  await browser?.close();
  if (server?.exitCode === null) await new Promise((resolve) => { server.once('exit', resolve).kill(); });
  tree?.remove();
});

describe('the dev server', () => {
  test('shows a new page with its diagram, and each change of it, without a restart', async () => {
    save(written);
    await expect.poll(async () => (await page.goto(`${origin}${address}`))?.status(), patience).toBe(200);
    expect(await page.locator('h1').textContent()).toBe('The kettle boils over');
    expect(await page.locator('figure.diagram svg').textContent()).toContain('Steam');
    save(written.replace('steam[Steam]', 'steam[Clouds]').replace('## What you see\n', '## What you see\n\nIt whistles.\n'));
    await expect.poll(shown, patience).toContain('It whistles.');
    expect(await page.locator('figure.diagram svg').textContent()).toContain('Clouds');
  }, 180_000);

  test.each([
    { what: 'a key that nobody knows', broken: (text: string) => text.replace('symptoms:', 'symptons:'), says: /the-kettle-boils-over\.mdx:\d+:1 {2}unknown-key[\s\S]*did you mean "symptoms"\?/ },
    { what: 'a region that is not there', broken: (text: string) => text.replace('region="admit"', 'region="admitt"'), says: /the-kettle-boils-over\.mdx:\d+:\d+ {2}snippet[\s\S]*"admitt"/ },
    { what: 'a diagram that cannot be read', broken: (text: string) => text.replace('kettle[Kettle] -->', 'kettle[Kettle] ==->'), says: /Mermaid diagram in content\/docs\/problems\/the-kettle-boils-over\.mdx:\d+:\d+: syntax error/ },
  ])('lays $what over the page and tells it in the terminal, until it is mended', async ({ broken, says }) => {
    save(written);
    await page.goto(`${origin}${address}`);
    await expect.poll(overlay, patience).toBe('');
    const before = told.length;
    save(broken(written));
    await expect.poll(overlay, patience).toMatch(says);
    await expect.poll(() => told.slice(before), patience).toMatch(says);
    save(written.replace('## What you see\n', '## What you see\n\nMended.\n'));
    await expect.poll(shown, patience).toContain('Mended.');
    expect(await overlay()).toBe('');
  }, 240_000);

  test('answers with what is wrong where a new page cannot be shown yet', async () => {
    const other = join(tree.folder, 'content/docs/problems/the-tap-drips.mdx');
    writeFileSync(other, written.replace('kind: problem', 'kind: problm').replace('boils over', 'drips'));
    await expect.poll(async () => { await page.goto(`${origin}/problems/the-tap-drips/`); return page.evaluate(() => document.body.textContent); }, patience).toMatch(/the-tap-drips\.mdx:\d+:\d+ {2}unknown-word/);
    writeFileSync(other, written.replace('boils over', 'drips'));
    await expect.poll(() => page.locator('h1').textContent({ timeout: 1000 }).catch(() => ''), patience).toBe('The kettle drips');
  }, 180_000);

  test('knows a question as soon as it is saved', async () => {
    const words = async (): Promise<string> => (await fetch(`${origin}/find/index.json`)).text();
    const before = await words();
    writeFileSync(join(tree.folder, 'content/data/questions/saga.yaml'), '- Zeppelin zeppelin, why did the zeppelin leave?\n- The zeppelin left again\n');
    await expect.poll(words, patience).not.toBe(before);
  }, 120_000);

  test('leads on from an address that was given up', async () => {
    writeFileSync(join(tree.folder, 'content/data/redirects.yaml'), '- { from: /patterns/old-saga/, to: /patterns/saga/, since: 2026-11-27 }\n');
    const answer = await fetch(`${origin}/patterns/old-saga/`, { redirect: 'manual', headers: { accept: 'text/html' } });
    expect([answer.status, answer.headers.get('location')]).toEqual([302, '/patterns/saga/']);
  });
});
