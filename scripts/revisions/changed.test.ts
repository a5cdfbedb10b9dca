import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { samplePattern, sampleSource } from '../../src/catalogue/sample.ts';
import { changedMarkdown } from './changed-markdown.ts';
import { changedBetween } from './changed.ts';
import type { ChangedReport } from './changed.ts';
import { readRange } from './revision.ts';
import { SampleRepository, hand, lid } from './sample-repository.ts';

let sample: SampleRepository;

beforeEach(() => {
  sample = new SampleRepository();
  sample.page(hand, samplePattern(), 'One two three four.\n\n<Snippet title="x"\n  file="steady-hand/grip.ts" region="grip" />\n');
  sample.write('src/examples/steady-hand/grip.ts', '// 1\n');
  sample.commit();
});
afterEach(() => sample.remove());

const report = (): ChangedReport => changedBetween(readRange(sample.root, 'main'));

test('without a change no page is listed', () => {
  expect(report()).toEqual({ before: expect.stringMatching(/^main \(/), after: 'the work tree', pages: [], other: [] });
});

test('a new version says what it says, and how many words came and went', () => {
  sample.page(hand, samplePattern({ changes: [{ version: '1.1', date: '2026-11-27', what: 'Says five.' }, ...samplePattern().changes] }), 'One two five six seven.\n\n<Snippet title="x"\n  file="steady-hand/grip.ts" region="grip" />\n');
  const [page] = report().pages;
  expect(page).toMatchObject({ file: hand, address: '/patterns/steady-hand/', title: 'Steady Hand', state: 'changed', parts: ['page'], versionBefore: '1.0', versionAfter: '1.1', what: 'Says five.', wordsRemoved: 2 });
  expect(changedMarkdown(report(), { published: 'https://example.org', preview: 'http://127.0.0.1:1' })).toMatch(
    /\| \[`Steady Hand`\]\(https:\/\/example\.org\/patterns\/steady-hand\/\) \| page \| 1\.0 → 1\.1 \| \+\d+ −2 \| `Says five\.` \| \[`\/patterns\/steady-hand\/`\]\(http:\/\/127\.0\.0\.1:1\/patterns\/steady-hand\/\) \|/);
});

test.each([
  ['src/examples/steady-hand/grip.ts', 'code'],
  ['src/examples/steady-hand/scenario.ts', 'example'],
  ['src/examples/steady-hand/grip.test.ts', 'tests'],
  ['src/components/glyphs/steady-hand.svg', 'glyph'],
  ['content/data/questions/steady-hand.yaml', 'questions'],
])('%s is part of the page: %s', (file, part) => {
  sample.write(file, '// 2\n');
  expect(report()).toMatchObject({ pages: [{ file: hand, parts: [part], wordsAdded: 0, wordsRemoved: 0 }], other: [] });
});

test('a source belongs to every page that names it', () => {
  sample.write('content/data/sources/first-source.yaml', stringify(sampleSource({ title: 'On Mugs' })));
  expect(report().pages.map(({ file, parts }) => [file, parts])).toEqual([[lid, ['sources']], [hand, ['sources']]]);
});

test('pages come and go; what belongs to no page is listed by itself', () => {
  rmSync(join(sample.root, lid));
  sample.page('content/docs/contribute/index.mdx', { kind: 'contribution', title: 'Contribute' });
  sample.write('content/data/redirects.yaml', '[]\n');
  expect(report()).toMatchObject({
    pages: [{ address: '/contribute/', state: 'new', title: 'Contribute' }, { address: '/patterns/lid/', state: 'gone', versionBefore: '1.0', versionAfter: null }],
    other: ['content/data/redirects.yaml'],
  });
  const text = changedMarkdown(report(), { published: 'https://example.org', preview: 'http://127.0.0.1:1' });
  expect(text).toContain('1 new, 1 gone');
  expect(text).toMatch(/\| `Lid` \| \*\*gone\*\* \| 1\.0 → – \|.*\| – \|$/m);
});

test('a page that cannot be read is listed by its name', () => {
  sample.write(lid, '---\ntitle: [\n---\n');
  expect(report().pages).toMatchObject([{ file: lid, title: 'Lid', state: 'changed' }]);
  sample.write('content/docs/patterns/data/new.mdx', '---\ntitle: [\n---\n');
  expect(report().pages[0]).toMatchObject({ title: 'new', state: 'new' });
});
