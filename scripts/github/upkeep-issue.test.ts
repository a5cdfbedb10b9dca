import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { GitHub } from './api.ts';
import { FakeGitHub } from './fake-github.ts';
import { keepIssue } from './upkeep-issue.ts';

let fake: FakeGitHub;
let github: GitHub;
beforeEach(async () => {
  fake = new FakeGitHub();
  github = await fake.start();
});
afterEach(() => fake.stop());

const keep = (body: string, name = 'links'): Promise<string> => keepIssue(github, { name, title: 'Links', body });

test('an issue is opened, rewritten and closed as there is something to do', async () => {
  expect(await keep('')).toBe('Links: nothing to do.');
  expect(await keep('two broken')).toBe('Links: opened issue 1.');
  expect(await keep('one broken')).toBe('Links: updated issue 1.');
  expect(fake.issues).toMatchObject([{ title: 'Links', body: '<!-- pattern-atlas: links -->\none broken', state: 'open' }]);
  expect(await keep('')).toBe('Links: closed issue 1.');
  expect(await keep('again')).toBe('Links: opened issue 2.');
});

test('each report has its own, and that of somebody else is left alone', async () => {
  fake.issues.push({ id: 1, number: 1, state: 'open', title: 'x', body: '<!-- pattern-atlas: links -->', user: { login: 'eve' } });
  expect(await keep('x')).toBe('Links: opened issue 2.');
  expect(await keep('x', 'unreviewed')).toBe('Links: opened issue 3.');
});

test('a report too long for an issue is cut', async () => {
  await keep('x'.repeat(100_000));
  expect(fake.issues[0]?.body?.length).toBeLessThan(61_000);
});

test('the script takes a file a report, and runs where no package is installed', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'upkeep-'));
  cpSync('scripts', join(folder, 'scripts'), { recursive: true });
  cpSync('package.json', join(folder, 'package.json'));
  writeFileSync(join(folder, 'links.md'), '# Lost links\n\nOne is lost.\n');
  writeFileSync(join(folder, 'unreviewed.md'), '# Unread pages\n');
  const { stdout } = await promisify(execFile)(process.execPath, ['scripts/upkeep.ts', 'links.md', 'unreviewed.md'], { cwd: folder, env: { ...process.env, GITHUB_API_URL: fake.origin, GITHUB_TOKEN: 'secret', GITHUB_REPOSITORY: 'a/b' } });
  expect(stdout).toBe('Lost links: opened issue 1.\nUnread pages: nothing to do.\n');
  expect(fake.issues).toMatchObject([{ title: 'Lost links', body: '<!-- pattern-atlas: links -->\nOne is lost.' }]);
  rmSync(folder, { recursive: true });
});
