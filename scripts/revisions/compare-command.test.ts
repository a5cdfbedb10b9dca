import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';

function run(script: string, ...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [`scripts/${script}.ts`, ...args], { encoding: 'utf8' });
}

test.each([[[]], [['--nope', 'HEAD']], [['HEAD', 'HEAD']]])('%j is a wrong usage: a sentence, the usage, 2', (args) => {
  const { status, stdout, stderr } = run('changed', ...args);
  expect([status, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(/^changed: .+\n\nWhich pages changed[^\n]+\n\nUsage:\n/);
});

test('a revision that is not there ends with 2, and a sentence alone', () => {
  const { status, stderr } = run('changed', 'no-such-revision');
  expect(status).toBe(2);
  expect(stderr).toMatch(/^changed: Git does not know the revision "no-such-revision"[^\n]+\n$/);
});

test('--help says how it is used', () => {
  const { status, stdout } = run('moved', '--help');
  expect(status).toBe(0);
  expect(stdout).toContain('npm run --silent moved -- origin/main');
});

test('--json and --out give the report as data, into a file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'changed-'));
  const { status, stdout } = run('changed', 'HEAD..HEAD', '--json', '--out', join(folder, 'changed.json'));
  expect([status, stdout]).toEqual([0, '']);
  expect(JSON.parse(readFileSync(join(folder, 'changed.json'), 'utf8'))).toMatchObject({ pages: [], other: [] });
  rmSync(folder, { recursive: true });
});
