import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { WrittenSite } from './last-steps.ts';
import { laterVariable } from './written-site.ts';

const program = fileURLToPath(new URL('last-steps-process.ts', import.meta.url));
const page = '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Keep</title></head><body><main data-pagefind-body><h1>Keep</h1><p>A tea egg.</p></main></body></html>';
let root = '';

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'last-steps-'));
  // Where licences are read.
  symlinkSync(fileURLToPath(new URL('../../node_modules', import.meta.url)), join(root, 'node_modules'), 'junction');
});
afterEach(() => rmSync(root, { recursive: true }));

function run(files: Readonly<Record<string, string>>): { status: number | null; output: string; told: string } {
  for (const [file, text] of Object.entries({ 'CITATION.cff': 'version: 1.0.0\ndate-released: 2026-11-29\n', 'dist/_astro/a.js': '', ...files })) {
    mkdirSync(join(root, dirname(file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
  const told = join(root, 'written.json');
  const written: WrittenSite = { root, folder: join(root, 'dist'), site: 'https://example.org', base: '' };
  writeFileSync(told, JSON.stringify(written));
  const { status, stdout, stderr } = spawnSync(process.execPath, [program], { encoding: 'utf8', env: { ...process.env, [laterVariable]: told } });
  return { status, output: `${stdout}${stderr}`, told };
}

test('what goes wrong ends the build with its message', () => {
  const { status, output, told } = run({ 'dist/index.html': page, 'content/data/redirects.yaml': '- { from: /a/, to: /b/, since: 2026-11-29 }\n' });
  expect(output).toContain('content/data/redirects.yaml: "/a/" leads to "/b/", where the site has no page');
  expect(status).toBe(1);
  expect(existsSync(told)).toBe(false);
});

test('a written site gets what it lacks', () => {
  const { status, output } = run({ 'dist/index.html': page, 'dist/offline/index.html': page });
  expect(output).toMatch(/full-text index: 2 pages\na policy on 2 pages\nrelease [\da-f]{12}: /);
  expect(status).toBe(0);
  const lacking = ['pagefind/pagefind-entry.json', 'licences.txt', '_headers', 'offline.json', 'offline-worker.js'];
  expect(lacking.filter((file) => !existsSync(join(root, 'dist', file)))).toEqual([]);
  expect(readFileSync(join(root, 'dist/index.html'), 'utf8')).toContain('Content-Security-Policy');
});
