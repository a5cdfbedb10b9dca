import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { JudgeThreads } from './judge-threads.ts';
import { keptFile } from './kept-file.ts';
import { verdictsOn } from './kept-verdicts.ts';

let root: string;
let judge: URL;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'kept-'));
  mkdirSync(join(root, 'judges'));
  writeFileSync(join(root, 'package-lock.json'), '{}');
  writeFileSync(join(root, 'judged'), '');
  judge = pathToFileURL(join(root, 'judges/length.mjs'));
  writeFileSync(judge, `import { appendFileSync } from 'node:fs';
export function judging(text) {
  if (text === 'bad') throw new Error('cannot judge that');
  appendFileSync(${JSON.stringify(join(root, 'judged'))}, text + '\\n');
  return text.length;
}
`);
});
afterEach(() => rmSync(root, { recursive: true }));

/** What was judged since somebody asked last. */
function judged(): string[] {
  const texts = readFileSync(join(root, 'judged'), 'utf8').split('\n').filter((text) => text !== '');
  writeFileSync(join(root, 'judged'), '');
  return texts.sort();
}

test('a second run judges nothing, an edit one text', async () => {
  expect(await verdictsOn(root, judge, ['a', 'bb', 'a'])).toEqual(new Map([['a', 1], ['bb', 2]]));
  expect(judged()).toEqual(['a', 'bb']);
  expect(await verdictsOn(root, judge, ['a', 'bb'])).toEqual(new Map([['a', 1], ['bb', 2]]));
  expect(judged()).toEqual([]);
  expect(await verdictsOn(root, judge, ['a', 'ccc'])).toEqual(new Map([['a', 1], ['ccc', 3]]));
  expect(judged()).toEqual(['ccc']);
});

test('whoever comes back to another branch, or asked about one file, finds everything there', async () => {
  await verdictsOn(root, judge, ['a', 'b', 'c']);
  await verdictsOn(root, judge, ['c', 'd', 'e']);
  await verdictsOn(root, judge, ['c']);
  judged();
  await verdictsOn(root, judge, ['a', 'b', 'c']);
  await verdictsOn(root, judge, ['c', 'd', 'e']);
  expect(judged()).toEqual([]);
});

test('what nobody asks for in a long time goes', async () => {
  for (let round = 0; round < 20; round += 1) await verdictsOn(root, judge, [`${round}`]);
  const { verdicts } = JSON.parse(readFileSync(keptFile(root, judge), 'utf8')) as { verdicts: object };
  expect(Object.keys(verdicts)).toHaveLength(3);
  judged();
  await verdictsOn(root, judge, ['18', '17']);
  expect(judged()).toEqual([]);
});

test('another judge, other packages and whatever else the verdicts rest on have everything judged anew', async () => {
  await verdictsOn(root, judge, ['a'], 'one');
  await verdictsOn(root, judge, ['a'], 'other');
  expect(judged()).toEqual(['a', 'a']);
  writeFileSync(join(root, 'package-lock.json'), '{ }');
  await verdictsOn(root, judge, ['a'], 'other');
  expect(judged()).toEqual(['a']);
  writeFileSync(keptFile(root, judge), '{"fingerprint":');
  await verdictsOn(root, judge, ['a'], 'other');
  expect(judged()).toEqual(['a']);
});

test('a judge that fails says why, keeps nothing, and can be asked again', async () => {
  await expect(verdictsOn(root, judge, ['a', 'bad'])).rejects.toThrow('cannot judge that');
  expect(await verdictsOn(root, judge, ['a'])).toEqual(new Map([['a', 1]]));
});

test('many texts come back in their order, whatever thread judged them', async () => {
  const texts = Array.from({ length: 40 }, (_, at) => 'x'.repeat(20_000 + at));
  expect(await new JudgeThreads(3).judge(judge, texts)).toEqual(texts.map(({ length }) => length));
});

test('a thread that ends is no thread that is waited for', async () => {
  writeFileSync(judge, 'export function judging() { process.exit(3); }\n');
  await expect(new JudgeThreads(1).judge(judge, ['a'])).rejects.toThrow('exit code 3');
});
