import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';

function startedWith(version: string): { status: number | null; stderr: string } {
  const disguise = `data:text/javascript,${encodeURIComponent(`Object.defineProperty(process, 'versions', { value: { node: '${version}' } })`)}`;
  return spawnSync(process.execPath, ['--import', disguise, '--import', './scripts/require-node.mjs', '--eval', ''], { encoding: 'utf8' });
}

test.each(['18.19.0', '20.20.2', '22.4.9'])('Node %s is told what to do', (version) => {
  const { status, stderr } = startedWith(version);
  expect(status).toBe(1);
  expect(stderr).toContain(`Pattern Atlas needs Node 22.22 or later; this is Node ${version}`);
  expect(stderr).toMatch(/On Linux x64 .*\n.*install Node 24/);
});

test.each(['22.22.2', '24.0.0', '26.1.0'])('Node %s may go on', (version) => {
  expect(startedWith(version)).toMatchObject({ status: 0, stderr: '' });
});
