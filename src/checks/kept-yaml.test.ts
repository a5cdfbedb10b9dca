import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { KeptYaml } from './kept-yaml.ts';

let root: string;
const file = (): string => join(root, 'node_modules/.cache/checks/yaml.json');

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'kept-'));
  writeFileSync(join(root, 'package-lock.json'), '{}');
});
afterEach(() => rmSync(root, { recursive: true }));

test('what was read is kept for the next run, and is what the parser says', () => {
  const first = new KeptYaml(root);
  expect(first.parse('a: [1, 2026-11-27, null]')).toEqual({ a: [1, '2026-11-27', null] });
  first.keep();
  writeFileSync(file(), readFileSync(file(), 'utf8').replace('[1,', '[7,'));
  expect(new KeptYaml(root).parse('a: [1, 2026-11-27, null]'), 'from the file, not from the parser').toEqual({ a: [7, '2026-11-27', null] });
  expect(new KeptYaml(root).parse('a: 2')).toEqual({ a: 2 });
});

test('another version of the packages reads anew, and so does a broken file', () => {
  const first = new KeptYaml(root);
  first.parse('a: 1');
  first.keep();
  writeFileSync(file(), readFileSync(file(), 'utf8').replace('"a":1', '"a":7'));
  writeFileSync(join(root, 'package-lock.json'), '{ }');
  expect(new KeptYaml(root).parse('a: 1')).toEqual({ a: 1 });
  writeFileSync(file(), '{"reader":');
  expect(new KeptYaml(root).parse('a: 1')).toEqual({ a: 1 });
});

test('a mistake is told each time, and what JSON cannot hold is read each time', () => {
  const kept = new KeptYaml(root);
  for (const _ of [1, 2]) expect(() => kept.parse('a: [')).toThrow();
  expect(kept.parse('a: .inf')).toEqual({ a: Infinity });
  kept.keep();
  expect(existsSync(file())).toBe(false);
});
