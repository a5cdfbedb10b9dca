/** Every rule over the catalogue as it is, and over each mistake that was planted for it. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ContentTree } from '../../src/checks/content-tree.ts';
import { mendedText } from '../../src/checks/mended-text.ts';
import type { Breach } from '../../src/checks/rule.ts';
import { rules } from '../../src/checks/rules.ts';
import { root } from '../architecture/repository.ts';
import type { Change, Expected, Fixture } from '../checks/fixture.ts';

const tree = new ContentTree(root);
const fixtures = new Map(await Promise.all(namesIn('tests/checks', '.ts').filter((id) => id !== 'fixture')
  .map(async (id) => [id, (await import(`../checks/${id}.ts`) as { fixtures: Fixture[] }).fixtures] as const)));

describe('the catalogue keeps', () => {
  for (const { id, check } of rules) test(id, async () => expect((await check(tree)).map(({ fix, ...breach }) => breach)).toEqual([]));
});

describe('planted', () => {
  for (const { id, check } of rules) {
    for (const { name, plant, expected, mended } of fixtures.get(id) ?? []) {
      test(`${id}: ${name}`, async () => {
        const planted = treeWith(tree, plant);
        const breaches = [...await check(planted)].sort(byPlace);
        expect(breaches).toMatchObject(expected.map((each) => located(planted, each)).sort(byPlace));
        expect(breaches.flatMap(sloppy)).toEqual([]);
        expect(breaches.some(({ fix }) => fix !== undefined), '--fix does something').toBe(mended !== undefined);
        if (mended === undefined) return;
        const after = withFixes(planted, breaches);
        for (const [file, change] of Object.entries(mended)) expect(after.read(file)).toBe(changed(file, change));
        expect((await check(after)).filter(({ fix }) => fix !== undefined), 'nothing is left to --fix').toEqual([]);
      });
    }
  }
});

describe('every rule', () => {
  const ids = rules.map(({ id }) => id);

  test('stands in the list once, by its id', () => {
    expect(ids).toEqual([...new Set(ids)].sort());
  });

  test('has a page and fixtures; no page and no fixture is without a rule', () => {
    expect(namesIn('content/docs/contribute/checks', '.mdx').filter((id) => id !== 'index')).toEqual(ids);
    expect([...fixtures.keys()].sort()).toEqual(ids);
  });

  test('has its title over its page, and its id in the first message there', () => {
    const pageOf = (id: string): string => readFileSync(join(root, `content/docs/contribute/checks/${id}.mdx`), 'utf8');
    expect(rules.filter(({ id, title }) => !pageOf(id).includes(`\ntitle: ${title}\n`) && !pageOf(id).includes(`\ntitle: '${title.replaceAll("'", "''")}'\n`)).map(({ id }) => id)).toEqual([]);
    expect(rules.filter(({ id }) => !pageOf(id).includes(`  ${id}\n`)).map(({ id }) => id)).toEqual([]);
  });

  test('is broken by a fixture', () => {
    expect(ids.filter((id) => !fixtures.get(id)?.some(({ expected }) => expected.length > 0))).toEqual([]);
  });
});

function byPlace(a: Breach, b: Breach): number {
  return (a.file < b.file ? -1 : a.file > b.file ? 1 : 0) || a.line - b.line || a.column - b.column;
}

function namesIn(folder: string, ending: string): string[] {
  return readdirSync(join(root, folder)).filter((name) => name.endsWith(ending)).map((name) => name.slice(0, -ending.length)).sort();
}

function treeWith(real: ContentTree, plant: Fixture['plant']): ContentTree {
  return real.with(Object.fromEntries(Object.entries(plant).map(([file, change]) => {
    const [before, after] = [real.has(file) ? real.read(file) : undefined, changed(file, change)];
    if (before === after) throw new Error(`${file}: nothing was planted`);
    return [file, after];
  })));
}

function changed(file: string, change: Change): string | undefined {
  return typeof change === 'function' ? change(readFileSync(join(root, file), 'utf8')) : change;
}

function located(planted: ContentTree, { at, ...rest }: Expected & { at?: string }): Breach {
  const expected = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, value instanceof RegExp ? expect.stringMatching(value) : value]));
  if (at === undefined) return expected as unknown as Breach;
  const text = planted.read(rest.file);
  const offset = text.indexOf(at);
  if (offset < 0 || text.indexOf(at, offset + 1) >= 0) throw new Error(`${rest.file}: ${JSON.stringify(at)} is to stand there once`);
  const before = text.slice(0, offset).split('\n');
  return { ...expected, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 } as unknown as Breach;
}

/** What makes a message hard to read. */
function sloppy({ found, expected, mend }: Breach): string[] {
  return [found, expected, mend].filter((phrase) => phrase.trim() === '' || /[.\s]$/.test(phrase) || phrase.includes('\n'));
}

function withFixes(planted: ContentTree, breaches: readonly Breach[]): ContentTree {
  const edits = breaches.flatMap(({ fix }) => fix ?? []);
  return planted.with(Object.fromEntries([...new Set(edits.map(({ file }) => file))].map((file) => [file, mendedText(planted.read(file), edits.filter((edit) => edit.file === file)).text])));
}
