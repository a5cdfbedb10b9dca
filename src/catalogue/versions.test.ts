import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import type { Catalogue, Page } from './files.ts';
import { samplePattern } from './sample.ts';
import type { Pattern } from './schema.ts';
import { frozenFile, frozenText, readVersions, saidBy, versionViolations } from './versions.ts';
import { describeViolation } from './violations.ts';

const roots: string[] = [];
afterEach(() => roots.splice(0).forEach((root) => rmSync(root, { recursive: true })));

const file = 'content/docs/patterns/resilience/steady-hand.mdx';
const twin = '---\ntitle: "Steady Hand"\n---\n\n# Steady Hand\n\nHold the $& cup.\n';
const first = { version: '1.0', date: '2026-11-21', what: 'First published.' };
const second = { version: '1.1', date: '2026-12-24', what: 'Says who pays.' };

function page(change: Partial<Page<Pattern>> = {}): Page<Pattern> {
  return { slug: 'steady-hand', file, data: samplePattern(), body: 'Hold the cup.\n', ...change };
}

function catalogueOf(...patterns: Page<Pattern>[]): Catalogue {
  return { patterns, problems: [], guides: [], sources: new Map(), questions: new Map() };
}

/** A tree in which each of the versions was frozen. */
function treeWith(...frozen: [file: string, text: string][]): string {
  const root = mkdtempSync(join(tmpdir(), 'versions-'));
  roots.push(root);
  for (const [name, text] of frozen) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  return root;
}

const keptFirst: [string, string] = [frozenFile('pattern', 'steady-hand', '1.0'), frozenText(twin, 'swh:1:cnt:0', saidBy(page(), ['const a = 1;']))];

function messages(root: string, now: Page<Pattern>, code = ['const a = 1;']): string[] {
  return versionViolations(catalogueOf(now), readVersions(root), () => code).map(describeViolation);
}

describe('a version', () => {
  test('is kept as it was, with what its source is called', () => {
    expect(readVersions(treeWith(keptFirst))).toMatchObject([{ kind: 'pattern', slug: 'steady-hand', version: '1.0', file: 'content/versions/patterns/steady-hand/1.0.md', text: twin, frozen: { source: 'swh:1:cnt:0' } }]);
  });

  test('is silent while the page says what it said', () => {
    expect(messages(treeWith(keptFirst), page())).toEqual([]);
  });

  test('binds nobody before the first page is kept', () => {
    expect(messages(treeWith(), page())).toEqual([]);
  });
});

describe('after its version was kept, a page', () => {
  const mend = 'expected a new entry at the beginning of `changes` with the next version and what is different, then `npm run freeze`.';

  test('must not say something else in its text, its frontmatter or its code', () => {
    const root = treeWith(keptFirst);
    expect(messages(root, page({ body: 'Hold the cup well.' }))).toEqual([`${file}: text: found something else than version 1.0 said when it was frozen; ${mend}`]);
    expect(messages(root, page({ data: samplePattern({ description: 'Keeps the cup level whatever the tram does.' }) }))[0]).toContain(`${file}: frontmatter: found`);
    expect(messages(root, page(), ['const a = 2;'])[0]).toContain(`${file}: code: found`);
    expect(messages(root, page({ body: 'Other.' }), [])[0]).toContain(`${file}: text, code: found`);
  });

  test('may be read again, found by other words, and have its libraries looked up again', () => {
    const library = { name: 'Lid', what: 'npm package', url: 'https://example.org/', covers: 'Covers the cup.', checked: '2026-11-21' };
    const root = treeWith([keptFirst[0], frozenText(twin, 'swh:1:cnt:0', saidBy(page({ data: samplePattern({ libraries: [library] }) }), []))]);
    const now = samplePattern({ libraries: [{ ...library, checked: '2026-12-24' }], reviewed: '2026-12-24', status: 'stable', alsoSaid: ['tram'], errorTexts: ['CUP_EMPTY'] });
    expect(messages(root, page({ data: now }), [])).toEqual([]);
  });

  test('with a new version is kept again', () => {
    const now = page({ body: 'Other.', data: samplePattern({ changes: [second, first] }) });
    const root = treeWith(keptFirst);
    expect(messages(root, now)).toEqual([`${file}: changes: found version 1.1, which is not frozen; expected a version whose address keeps saying what it said; when the page is ready, run \`npm run freeze\`.`]);
    writeFileSync(join(root, frozenFile('pattern', 'steady-hand', '1.1')), frozenText(twin, 'swh:1:cnt:1', saidBy(now, ['const a = 1;'])));
    expect(messages(root, now)).toEqual([]);
  });

  test('cannot lose an earlier version, nor its entry', () => {
    const root = treeWith([frozenFile('pattern', 'steady-hand', '1.1'), frozenText(twin, 'swh:1:cnt:1', saidBy(page(), ['const a = 1;']))]);
    expect(messages(root, page({ data: samplePattern({ changes: [second, first] }) }))).toEqual([expect.stringContaining('found version 1.0, which nothing has kept; expected the file content/versions/patterns/steady-hand/1.0.md')]);
    expect(messages(treeWith(keptFirst), page({ data: samplePattern({ changes: [second] }) }))[0]).toContain('1.0.md: version: found version 1.0, which `changes` in content/docs/patterns/resilience/steady-hand.mdx does not name');
  });

  test('cannot go without a word', () => {
    expect(messages(treeWith(keptFirst), page({ slug: 'steadier-hand' }))[0]).toContain('found "steady-hand", which no pattern has; expected the page as well; if it was renamed, move content/versions/patterns/steady-hand/ to the new name');
  });
});

describe('a kept text', () => {
  test('that was changed by hand is named', () => {
    const root = treeWith(keptFirst);
    const path = join(root, keptFirst[0]);
    writeFileSync(path, readFileSync(path, 'utf8').replace('Hold', 'Drop'));
    expect(messages(root, page())).toEqual(['content/versions/patterns/steady-hand/1.0.md: text: found a text that was changed after it was frozen; expected the text as it was published, which git still has.']);
  });

  test('without its first line is named', () => {
    expect(() => readVersions(treeWith([keptFirst[0], twin]))).toThrow('1.0.md: the first line of the front matter should begin with "frozen: "');
  });
});
