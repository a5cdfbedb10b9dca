import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const charged = 'customers are charged twice when the client retries';

describe('npm run find', () => {
  test('says which pattern, because, and not if', () => {
    const { status, stdout } = find(charged);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^Idempotency Key .*match\n[\s\S]*?Because .*\n[\s\S]*?Not if /);
  });

  test('--json gives slug, score, because and but', () => {
    const { status, stdout } = find('--json', charged);
    const { query, fits, results } = JSON.parse(stdout) as { query: string; fits: boolean; results: unknown[] };
    expect(status).toBe(0);
    expect([query, fits]).toEqual([charged, true]);
    expect(results[0]).toEqual({ slug: 'idempotency-key', score: expect.any(Number), because: expect.stringContaining('charged'), but: expect.stringContaining('→') });
  });

  test('--batch gives a line for each question, best first, in under five seconds for three hundred', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'find-')), 'queries.jsonl');
    writeFileSync(file, Array.from({ length: 300 }, (_, index) => JSON.stringify({ id: `q${index}`, query: index % 2 === 0 ? charged : 'xqzw vvkplm' })).join('\n'));
    const startMs = performance.now();
    const { status, stdout } = find('--batch', file);
    expect(performance.now() - startMs).toBeLessThan(5_000);
    expect(status).toBe(0);
    const lines = stdout.trim().split('\n').map((line) => JSON.parse(line) as { id: string; ranked: string[] });
    expect(lines.length).toBe(300);
    expect(lines[0]?.ranked[0]).toBe('idempotency-key');
    expect(lines[0]?.ranked.length).toBeLessThanOrEqual(10);
    expect(lines[1]).toEqual({ id: 'q1', ranked: [] });
  });

  test('an empty question and nonsense get an honest answer', () => {
    expect(find('').stdout).toContain('Nothing to look for');
    expect(find('xqzw vvkplm').stdout).toContain('Nothing in the catalogue fits well');
    expect(JSON.parse(find('--json', 'xqzw').stdout)).toEqual({ query: 'xqzw', fits: false, results: [] });
  });

  test('bad usage says what is wrong and ends with 2', () => {
    const cases = [[], ['--nope'], ['--batch', 'no-such-file.jsonl'], ['--batch', 'package.json'], ['--batch', 'package.json', '--json']];
    for (const args of cases) {
      const { status, stderr } = find(...args);
      expect(status, args.join(' ')).toBe(2);
      expect(stderr).toMatch(/^find: .+\n\nUsage:/);
    }
    expect(find('--batch', 'package.json').stderr).toContain('package.json:1: found {');
  });
});

function find(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, ['scripts/find.ts', ...args], { encoding: 'utf8' });
}
