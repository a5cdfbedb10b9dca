import { expect, test } from 'vitest';
import { ContentTree } from './content-tree.ts';
import { asAnnotations } from './report-annotations.ts';
import { asJson } from './report-json.ts';
import { asText, summary } from './report-text.ts';
import type { Breach, Rule } from './rule.ts';
import { mendings, runChecks } from './run-checks.ts';
import type { Finding } from './run-checks.ts';

const tree = new ContentTree(process.cwd());
const breach: Breach = { file: 'content/docs/b.mdx', line: 14, column: 5, found: '"symptons"', expected: 'one of a, b', nearest: 'symptoms', mend: 'rename the key', fix: { file: 'content/docs/b.mdx', start: 4, end: 7, text: 'xyz' } };
const finding: Finding = { rule: 'unknown-key', ...breach };
const rule = (id: string, check: Rule['check']): Rule => ({ id, title: id, holds: 'always', check });

test('findings of all rules come by file and place', async () => {
  const { findings } = await runChecks(tree, [
    rule('later', () => [breach, { ...breach, line: 2, column: 9 }, { ...breach, line: 2, column: 1 }]),
    rule('earlier', async () => [breach, { ...breach, file: 'content/docs/a.mdx' }]),
  ]);
  expect(findings.map((each) => `${each.file}:${each.line}:${each.column} ${each.rule}`)).toEqual([
    'content/docs/a.mdx:14:5 earlier', 'content/docs/b.mdx:2:1 later', 'content/docs/b.mdx:2:9 later', 'content/docs/b.mdx:14:5 earlier', 'content/docs/b.mdx:14:5 later',
  ]);
});

test('a rule that fails is a fault and hides nothing that others find', async () => {
  const { findings, faults } = await runChecks(tree, [rule('broken', () => { throw new Error('no such page'); }), rule('sound', () => [breach])]);
  expect(findings).toHaveLength(1);
  expect(faults).toMatchObject([{ rule: 'broken', message: expect.stringContaining('no such page') }]);
});

test('a terminal gets a block of lines each', () => {
  expect(asText([finding], { colour: false })).toBe(`content/docs/b.mdx:14:5  unknown-key
  found     "symptons"
  expected  one of a, b
  did you mean "symptoms"?
  mend      rename the key (npm run check -- --fix does it)
  https://pattern-atlas.github.io/contribute/checks/unknown-key/`);
});

test('colour only where it was asked for, long texts in lines, long lists cut', () => {
  const long = { ...finding, expected: `one of ${Array.from({ length: 90 }, (_, at) => `word-${at}`).join(', ')}` };
  expect(asText([finding], { colour: true })).toContain('\u001B[');
  const text = asText([long], { colour: false, width: 80 });
  expect(text).not.toContain('\u001B[');
  expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  expect(text).toMatch(/ and \d+\s+more\n/);
});

test('the last line counts', () => {
  const looked = { files: 700, rules: 30, seconds: 1.26 };
  expect(summary([], looked)).toBe('No problems (30 rules, 700 files, 1.3 s)');
  expect(summary([finding, { ...finding, fix: undefined }], looked)).toBe('2 problems in 1 file, 1 can be mended: npm run check -- --fix (30 rules, 700 files, 1.3 s)');
  expect(summary([{ ...finding, fix: undefined }], looked)).toBe('1 problem in 1 file (30 rules, 700 files, 1.3 s)');
});

test('GitHub gets one command a finding, whatever stands in it', () => {
  const strange = { ...finding, file: 'content/a,b:c%.mdx', found: '100 % of\n"a::b"' };
  const [line, ...more] = asAnnotations([strange]).split('\n');
  expect(more).toEqual([]);
  expect(line).toBe('::error file=content/a%2Cb%3Ac%25.mdx,line=14,col=5,title=unknown-key::Found 100 %25 of%0A"a::b".%0AExpected one of a, b.%0ADid you mean "symptoms"?%0ATo mend it: rename the key.%0Ahttps://pattern-atlas.github.io/contribute/checks/unknown-key/');
});

test('programs get every key of every problem', () => {
  expect(asJson([finding, { ...finding, nearest: undefined, fix: undefined }], [{ rule: 'x', message: 'y' }], [{ file: 'content/docs/b.mdx', edits: 1, raw: '' }], { files: 2, rules: 1 })).toEqual({
    version: 1,
    problems: [
      { rule: 'unknown-key', file: 'content/docs/b.mdx', line: 14, column: 5, found: '"symptons"', expected: 'one of a, b', nearest: 'symptoms', mend: 'rename the key', mendable: true, url: 'https://pattern-atlas.github.io/contribute/checks/unknown-key/' },
      { rule: 'unknown-key', file: 'content/docs/b.mdx', line: 14, column: 5, found: '"symptons"', expected: 'one of a, b', nearest: null, mend: 'rename the key', mendable: false, url: 'https://pattern-atlas.github.io/contribute/checks/unknown-key/' },
    ],
    mended: [{ file: 'content/docs/b.mdx', edits: 1 }],
    faults: [{ rule: 'x', message: 'y' }],
    rules: 1,
    files: 2,
  });
});

test('a file is mended with the line ends and the mark that it has', () => {
  expect(mendings([finding], () => '\uFEFFa\r\nb\r\nold\r\n')).toEqual([{ file: 'content/docs/b.mdx', edits: 1, raw: '\uFEFFa\r\nb\r\nxyz\r\n' }]);
  expect(mendings([{ ...finding, fix: { file: 'content/docs/b.mdx', start: 4, end: 7, text: 'x\nz' } }], () => 'a\r\nb\r\nold')[0]?.raw).toBe('a\r\nb\r\nx\r\nz');
});

test('of two edits that reach into one another the first is made, and one that stands twice once', () => {
  const edit = (start: number, end: number, text: string): Finding => ({ ...finding, fix: { file: 'x', start, end, text } });
  expect(mendings([edit(0, 3, 'one'), edit(2, 4, 'two'), edit(0, 3, 'one'), edit(4, 5, '!')], () => 'abcde')).toMatchObject([{ raw: 'oned!' }]);
});
