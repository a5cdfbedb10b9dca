import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { filesBelow } from './files.ts';
import { plainYaml } from './plain-yaml.ts';

const root = process.cwd();
const texts = ['content/data', 'content/docs'].flatMap((folder) => filesBelow(root, folder, '', true)).filter((file) => /\.(?:mdx|yaml)$/.test(file)).map((file) => {
  const text = readFileSync(file, 'utf8').replaceAll('\r\n', '\n');
  return file.endsWith('.mdx') ? /^---\n([\s\S]*?)\n---(?:\n|$)/.exec(text)?.[1] ?? '' : text;
});
const parsed = (text: string): unknown => {
  try {
    return parse(text, { logLevel: 'silent' });
  } catch (error) {
    return error;
  }
};

test('nearly every file is read, and as the parser reads it', () => {
  const read = texts.filter((text) => plainYaml(text) !== undefined);
  expect(read.length).toBeGreaterThan(0.9 * texts.length);
  for (const text of read) expect(plainYaml(text)).toEqual(parse(text));
});

test.each([
  'a: 1\nb: -2\nc: true\nd: 2026-11-28\nf: text', "a: 'it''s: 1'\nb: \"x: y\"", 'a: [one, two three, [3]]\nb: { c: d, e: [f] }', 'a:\n- b\n- c: d\n  e: f\n', '# about\n- one\n- two',
])('%j is read as the parser reads it', (text) => {
  expect(plainYaml(text)).toEqual(parse(text));
});

test.each([
  'a: b\na: c', 'a: b\n  c', 'a: |\n  b', 'a: &x b\nc: *x', 'a: b # c', 'a: b: c', 'a: "\\n"', 'a: .inf', 'a: 0x1', 'a: 1.0', 'a: 1e3', 'a: ~', 'a: Null', 'a: [b', 'a: {b: c, b: d}', '- a\n-\n', 'a:', 'a:\tb', '- - a', '--- a', 'text',
  'a: !!str b', "a: 'b", '? a', '<<: { a: b }', '"a": b', 'a: b\n c: d', ' a: b\nc: d', 'a: [http://x]', 'a: [b, ]\nc', '',
])('%j is left to the parser', (text) => {
  expect(plainYaml(text)).toBeUndefined();
});

test('whatever somebody does to a text, it is read as the parser reads it, or left to the parser', () => {
  let seed = 4711;
  const below = (limit: number): number => (seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648) % limit;
  const signs = [' ', '\n', ':', ': ', '- ', '#', ' #', "'", '"', '[', ']', '{', '}', ',', ', ', '&', '*', '!', '|', '>', '%', '@', '`', '\t', '~', 'null', 'true', '1', '.5', '0x1', '1e3', '-', '? ', '\n  ', '\n- ', '\\', '<<', 'é', '012', '+1', '\u2028', '\n\n', ' \n'];
  let read = 0;
  for (let round = 0; round < 2000; round += 1) {
    const lines = (texts[below(texts.length)] ?? '').split('\n');
    const first = below(2) === 0 ? 0 : below(lines.length);
    const text = lines.slice(first, first + 8).join('\n');
    const at = below(text.length + 1);
    const changed = below(3) === 0 ? text.slice(0, at) + text.slice(at + 1) : text.slice(0, at) + (signs[below(signs.length)] ?? '') + text.slice(at);
    const value = plainYaml(changed);
    if (value === undefined) continue;
    read += 1;
    expect(value, changed).toEqual(parsed(changed));
  }
  expect(read).toBeGreaterThan(1000);
});
