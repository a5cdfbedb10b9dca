/** Every rule over the catalogue as it is, and over each mistake that was planted for it. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { violatedRules } from '../../src/catalogue/violated-rules.ts';
import { ContentTree } from '../../src/checks/content-tree.ts';
import { mendedText } from '../../src/checks/mended-text.ts';
import { asJson } from '../../src/checks/report-json.ts';
import { asText } from '../../src/checks/report-text.ts';
import type { Breach, Rule } from '../../src/checks/rule.ts';
import { rules } from '../../src/checks/rules.ts';
import { root } from '../architecture/repository.ts';
import type { Change, Expected, Fixture } from '../checks/fixture.ts';

interface Answer { planted: ContentTree; breaches: readonly Breach[] }

const tree = new ContentTree(root);
const answers = new Map<Fixture, Promise<Answer>>();
const unplanted = new Map<Rule, Promise<readonly Breach[]>>();
const fixtures = new Map(await Promise.all(namesIn('tests/checks', '.ts').filter((id) => id !== 'fixture')
  .map(async (id) => [id, (await import(`../checks/${id}.ts`) as { fixtures: Fixture[] }).fixtures] as const)));

describe('the catalogue keeps', () => {
  for (const { id, check } of rules) test(id, async () => expect((await check(tree)).map(({ fix, ...breach }) => breach)).toEqual([]));
});

describe('planted', () => {
  for (const rule of rules) {
    const { id, check } = rule;
    for (const fixture of fixtures.get(id) ?? []) {
      const { name, expected, mended } = fixture;
      test(`${id}: ${name}`, async () => {
        const { planted, breaches } = await breachesOf(rule, fixture);
        expect(breaches).toMatchObject(expected.map((each) => located(planted, each)).sort(byPlace));
        expect(breaches.flatMap(sloppy)).toEqual([]);
        expect(breaches.some(({ fix }) => fix !== undefined), '--fix does something').toBe(mended !== undefined);
        if (mended === undefined) return;
        const after = withFixes(planted, breaches);
        for (const [file, change] of Object.entries(mended)) expect(after.read(file)).toBe(changed(file, change));
        expect((await withoutReal(rule, fixture, await check(after))).filter(({ fix }) => fix !== undefined), 'nothing is left to --fix').toEqual([]);
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

  test('stands in the list of /contribute/checks/, and says there whether drafts are let be', () => {
    const lines = readFileSync(join(root, 'content/docs/contribute/checks/index.mdx'), 'utf8').split('\n').filter((line) => line.startsWith('- ['));
    expect([...lines].sort()).toEqual(rules.map(({ id, title, holds }) => `- [${title}](/contribute/checks/${id}/): \`${id}\`${holds === 'always' ? '' : ', not in drafts'}`).sort());
  });

  test('shows on its page what it says to one of its fixtures', async () => {
    const silent = await Promise.all(rules.map(async (rule) => {
      const page = readFileSync(join(root, `content/docs/contribute/checks/${rule.id}.mdx`), 'utf8');
      const told = await Promise.all((fixtures.get(rule.id) ?? []).map(async (fixture) => (await breachesOf(rule, fixture)).breaches));
      // A list of allowed words may grow, and lines move.
      const shown = ({ found, expected, mend }: Breach): boolean => page.includes(`\n  found     ${found}\n`) && page.includes(`\n  mend      ${mend}`) && (expected.includes('one of ') || page.includes(`\n  expected  ${expected}\n`));
      return told.flat().some(shown) ? [] : [`${rule.id}: its page is to show\n${asText(told.flat().slice(0, 1).map((breach) => ({ rule: rule.id, ...breach })), { colour: false })}`];
    }));
    expect(silent.flat()).toEqual([]);
  });

  test('that the build refuses as well is in the list', () => {
    expect(violatedRules.filter((id) => !ids.includes(id))).toEqual([]);
  });

  test('is broken by a fixture', () => {
    expect(ids.filter((id) => !fixtures.get(id)?.some(({ expected }) => expected.length > 0))).toEqual([]);
  });
});

test('the page about checks shows the JSON that programs get', () => {
  const [, shown = ''] = /```json\n([\s\S]*?)```/.exec(readFileSync(join(root, 'content/docs/contribute/checks/index.mdx'), 'utf8')) ?? [];
  const said = JSON.parse(shown) as { problems: object[]; mended: object[] };
  const breach = { rule: 'x', file: 'x', line: 1, column: 1, found: '', expected: '', mend: '' };
  const real = asJson([breach], [{ rule: 'x', message: '' }], [{ file: 'x', edits: 1, raw: '' }], { files: 1, rules: 1 });
  expect(shapeOf(said)).toEqual(shapeOf(real));
});

/** Names of keys, in their order, all the way down. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shapeOf);
  return value !== null && typeof value === 'object' ? Object.entries(value).map(([key, inner]) => [key, shapeOf(inner)]) : '';
}

function byPlace(a: Breach, b: Breach): number {
  return (a.file < b.file ? -1 : a.file > b.file ? 1 : 0) || a.line - b.line || a.column - b.column;
}

function namesIn(folder: string, ending: string): string[] {
  return readdirSync(join(root, folder)).filter((name) => name.endsWith(ending)).map((name) => name.slice(0, -ending.length)).sort();
}

/** Asked once for each fixture. */
function breachesOf(rule: Rule, fixture: Fixture): Promise<Answer> {
  const answer = answers.get(fixture) ?? (async () => {
    const planted = treeWith(tree, fixture.plant);
    return { planted, breaches: [...await withoutReal(rule, fixture, await rule.check(planted))].sort(byPlace) };
  })();
  answers.set(fixture, answer);
  return answer;
}

/** A mistake of the catalogue itself fails the one test that looks for it, not those of what was planted elsewhere. */
async function withoutReal(rule: Rule, { plant }: Fixture, breaches: readonly Breach[]): Promise<readonly Breach[]> {
  const real = unplanted.get(rule) ?? Promise.resolve(rule.check(tree));
  unplanted.set(rule, real);
  const known = new Set((await real).filter(({ file }) => !(file in plant)).map((breach) => JSON.stringify(breach)));
  return breaches.filter((breach) => !known.has(JSON.stringify(breach)));
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
