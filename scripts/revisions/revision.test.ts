import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { samplePattern } from '../../src/catalogue/sample.ts';
import { readRange } from './revision.ts';
import { SampleRepository, hand } from './sample-repository.ts';

let sample: SampleRepository;
let first: string;

beforeEach(() => {
  sample = new SampleRepository();
  first = sample.commit();
});
afterEach(() => sample.remove());

test('the work tree is compared as it lies there, files that git does not know yet included', () => {
  sample.page(hand, samplePattern(), 'Other text – with a dash.\n');
  sample.write('content/data/questions/lid.yaml', '- why\n');
  const { before, after } = readRange(sample.root, 'HEAD');
  expect(before.read(hand)).toMatch(/\nText\.\n$/);
  expect(after.read(hand)).toMatch(/\nOther text – with a dash\.\n$/);
  expect([before, after].map(({ files }) => files.includes('content/data/questions/lid.yaml'))).toEqual([false, true]);
  expect([before.commit, after.commit]).toEqual([first, undefined]);
});

test('a file that is gone from the work tree is gone, and one outside the pages is passed over', () => {
  rmSync(join(sample.root, hand));
  sample.write('elsewhere.txt', 'x');
  const { after } = readRange(sample.root, 'HEAD');
  expect(after.read(hand)).toBeUndefined();
  expect(after.files).not.toContain('elsewhere.txt');
});

test('line ends of Windows are no difference', () => {
  const text = readRange(sample.root, 'HEAD').before.read(hand) ?? '';
  sample.write(hand, text.replaceAll('\n', '\r\n'));
  expect(readRange(sample.root, 'HEAD').after.read(hand)).toBe(text);
});

test('one revision means where it was left; two dots mean exactly these two; three, where the second left the first', () => {
  sample.git('checkout', '--quiet', '-b', 'topic');
  sample.write('content/data/questions/lid.yaml', '- mine\n');
  const topic = sample.commit();
  sample.git('checkout', '--quiet', 'main');
  sample.write('content/data/questions/lid.yaml', '- theirs\n');
  const main = sample.commit();
  sample.git('checkout', '--quiet', 'topic');
  const left = readRange(sample.root, 'main');
  expect(left.before.commit).toBe(first);
  expect(left.before.name).toBe(`${first.slice(0, 9)}, where main was left`);
  expect(readRange(sample.root, 'main..topic').before.commit).toBe(main);
  const three = readRange(sample.root, 'main...topic');
  expect([three.before.commit, three.after.commit]).toEqual([first, topic]);
  expect(three.after.read('content/data/questions/lid.yaml')).toBe('- mine\n');
});

test('an unknown revision is named, with what to do; what looks like an option is a revision', () => {
  expect(() => readRange(sample.root, 'mian')).toThrow(/does not know the revision "mian".*git fetch origin/);
  expect(() => readRange(sample.root, '--output=x')).toThrow(/does not know the revision "--output=x"/);
});

test('a shallow clone says that it is one', () => {
  sample.write('content/data/questions/lid.yaml', '- more\n');
  sample.commit();
  const clone = join(mkdtempSync(join(tmpdir(), 'shallow-')), 'clone');
  spawnSync('git', ['clone', '--quiet', '--depth', '1', pathToFileURL(sample.root).href, clone]);
  expect(() => readRange(clone, first)).toThrow(/this clone is shallow.*--unshallow.*fetch-depth: 0/);
  rmSync(join(clone, '..'), { recursive: true, force: true });
});

test('outside a repository it says so', () => {
  const folder = mkdtempSync(join(tmpdir(), 'bare-'));
  expect(() => readRange(folder, 'main')).toThrow(/is no git repository/);
  rmSync(folder, { recursive: true });
});

test('two histories without a common beginning say so', () => {
  sample.git('checkout', '--quiet', '--orphan', 'other');
  sample.write('content/data/questions/lid.yaml', '- other\n');
  sample.commit();
  expect(() => readRange(sample.root, 'main')).toThrow(/no common ancestor; name two revisions as "one\.\.other"/);
});
