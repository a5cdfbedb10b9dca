import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readCatalogue } from '../src/catalogue/files.ts';
import { runNew } from './new/run.ts';
import { writeFiles } from './new/write-files.ts';

/** What real pages are made from, in a catalogue of its own: of the real one any page may be begun, renamed or written meanwhile. */
const templates = ['content/docs/patterns/_template.mdx', 'content/docs/patterns/_glyph.svg', 'content/docs/problems/_template.mdx', 'content/docs/guides/_template.mdx'];
const sentences = (count: number, more = ''): string => Array.from({ length: count }, (_, at) => `  - ${more === '' ? `Sentence ${at} of the outline.` : `{ when: Case ${at} of the outline, ${more} }`}\n`).join('');
const sampleFiles = {
  'content/docs/patterns/data/saga.mdx': `---
kind: pattern
title: Saga
description: Undo what other services did when a later step is refused.
category: data
status: draft
alsoKnownAs: []
symptoms: []
useWhen: []
notWhen: []
forces: {}
relations: []
tradeOffs: {}
libraries: []
sources: []
---
`,
  'content/docs/patterns/resilience/rate-limiting.mdx': `---
kind: pattern
title: Rate Limiting
description: Refuse what one client asks beyond its share. # Words to keep.
category: resilience
status: outline
reviewed: 2026-11-21
alsoKnownAs: [throttling, token bucket]
symptoms:
${sentences(8)}useWhen:
${sentences(3)}notWhen:
${sentences(3, 'instead: "Nothing: look elsewhere", see: saga')}forces: { bursty-load: 2 }
relations:
  - { to: saga, as: complements, why: 'Both say no, the one early and the other late.' }
---
`,
};

const sentence = 'Send a second request when the first one is slow.';
let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'new-'));
  for (const file of [...templates, ...Object.keys(sampleFiles)]) mkdirSync(dirname(join(root, file)), { recursive: true });
  for (const file of templates) cpSync(file, join(root, file));
  for (const [file, text] of Object.entries(sampleFiles)) writeFileSync(join(root, file), text);
});
afterEach(() => rmSync(root, { recursive: true }));

describe('a pattern that stands in outline', () => {
  test('keeps every word of its frontmatter, and gets what is missing', async () => {
    const file = 'content/docs/patterns/resilience/rate-limiting.mdx';
    const before = read(file);
    const { code, output } = await begin(['rate-limiting']);
    expect(code).toBe(0);
    expect(output).toContain(`${file} (was an outline)`);
    const kept = before.split('\n').filter((line) => line !== '---' && !/^(status|reviewed):/.test(line));
    expect(kept.filter((line) => !read(file).includes(line))).toEqual([]);
    expect(readCatalogue(root).patterns.find(({ slug }) => slug === 'rate-limiting')?.data).toMatchObject({ status: 'draft', title: 'Rate Limiting', sources: [], libraries: [] });
    expect(['src/examples/rate-limiting/rate-limiting.ts', 'src/examples/rate-limiting/rate-limiting.test.ts', 'src/components/glyphs/rate-limiting.svg'].filter((each) => !existsSync(join(root, each)))).toEqual([]);
  });

  test('says its title itself', async () => {
    expect(await begin(['rate-limiting', '--title', 'Limiting'])).toMatchObject({ code: 2, errors: expect.stringContaining('rate-limiting stands in outline, which says its title') });
  });
});

describe('a new page', () => {
  test.each([
    ['pattern', ['hedged-requests', '--category', 'resilience'], 'content/docs/patterns/resilience/hedged-requests.mdx'],
    ['problem', ['jobs-run-twice', '--kind', 'problem', '--group', 'data-is-wrong'], 'content/docs/problems/jobs-run-twice.mdx'],
    ['guide', ['from-polling-to-events', '--kind', 'guide'], 'content/docs/guides/from-polling-to-events.mdx'],
  ])('of the kind %s is a valid draft, without a question asked', async (_kind, args, file) => {
    const { code, output } = await begin([...args, '--description', sentence]);
    expect([code, output.includes(`  ${file}\n`), output.includes('\n  3. ')]).toEqual([0, true, true]);
    expect(() => readCatalogue(root)).not.toThrow();
    expect(read(file)).toContain('\nstatus: draft\n');
  });

  test.each(['resilience\\hedged-requests', 'content/docs/patterns/resilience/hedged-requests.mdx', '.\\content\\docs\\patterns\\resilience\\hedged-requests.mdx'])('may be named by its path: %s', async (path) => {
    expect(await begin([path, '--description', sentence])).toMatchObject({ code: 0, output: expect.stringContaining('content/docs/patterns/resilience/hedged-requests.mdx') });
  });

  test('asks for what it cannot know, of a pipe as well', async () => {
    const { code, output } = await begin([], `\nhedged-requests\n\nresilience\n${sentence}\n`);
    expect(code).toBe(0);
    expect(output).toMatch(/What is it: .*\[pattern\] .*Slug, .*Title: \[Hedged Requests\] .*Category \(/s);
    expect(read('content/docs/patterns/resilience/hedged-requests.mdx')).toContain('title: Hedged Requests\n');
  });

  test('quotes what YAML would read as something else', async () => {
    await begin(['hedged-requests', '--category', 'resilience', '--title', "Bob's: #1 Hedge", '--description', `${sentence} It's quick: very.`]);
    expect(readCatalogue(root).patterns.find(({ slug }) => slug === 'hedged-requests')?.data).toMatchObject({ title: "Bob's: #1 Hedge", description: `${sentence} It's quick: very.` });
  });
});

describe('what cannot be begun says why, and writes nothing', () => {
  test.each<[string[], 1 | 2, string]>([
    [['saga'], 1, 'content/docs/patterns/data/saga.mdx stands already. Edit it: npm run dev, and open /patterns/saga/'],
    [['token-bucket'], 1, '"token-bucket" is another name of Rate Limiting'],
    [['rate-limitings', '--category', 'resilience', '--description', sentence], 1, 'did you mean Rate Limiting, which stands in outline (content/docs/patterns/resilience/rate-limiting.mdx). To write its page: npm run new -- rate-limiting'],
    [['steady-hand', '--title', 'Saga', '--category', 'data', '--description', sentence], 1, 'content/docs/patterns/data/saga.mdx stands already'],
    [['steady-hand', '--title', 'Process Manager Saga', '--category', 'data'], 2, 'no answer. Give --description'],
    [['Hedged Requests'], 2, '"Hedged Requests" is no slug: lower-case words joined by hyphens. Did you mean "hedged-requests"?'],
    [['utils', '--category', 'data'], 2, '"utils" cannot be the name of a file here'],
    [['con', '--category', 'data'], 2, '"con" cannot be the name of a file here'],
    [['hedged-requests', '--category', 'resiliance'], 2, '--category: found "resiliance". Expected one of decomposition, integration, data, resilience, observability. Did you mean "resilience"?'],
    [['hedged-requests', '--kind', 'patern'], 2, '--kind: found "patern". Expected one of pattern, problem, guide. Did you mean "pattern"?'],
    [['hedged-requests', '--group', 'slow'], 2, '--group says nothing of a pattern'],
    [['hedged-requests', '--category', 'data', '--description', 'Too short'], 2, '--description: "Too short". It has 9 characters; expected 20 to 160.'],
    [['hedged', 'requests'], 2, 'found 2 names: hedged, requests'],
    [['hedged-requests', '--nope'], 2, '--nope'],
    [['hedged-requests', '--category', 'data'], 2, 'no answer. Give --title, or answer when asked'],
  ])('%j', async (args, code, message) => {
    const before = listed();
    expect(await begin(args)).toMatchObject({ code, errors: expect.stringContaining(message) });
    expect(listed()).toEqual(before);
  });

  test('a name that is only near may be meant', async () => {
    expect((await begin(['rate-limitings', '--category', 'resilience', '--description', sentence, '--anyway'])).code).toBe(0);
  });

  test('an example that stands already is not written over', async () => {
    cpSync('src/examples/saga', join(root, 'src/examples/hedged-requests'), { recursive: true });
    expect(await begin(['hedged-requests', '--category', 'data', '--description', sentence])).toMatchObject({ code: 1, errors: expect.stringContaining('src/examples/hedged-requests stands already') });
  });
});

test('what was written before something failed is taken back', () => {
  writeFileSync(join(root, 'there.txt'), 'before');
  const before = listed();
  expect(() => writeFiles(root, [{ file: 'there.txt', text: 'after', replaces: 'before' }, { file: 'new/a.txt', text: 'a' }, { file: 'there.txt', text: 'again' }])).toThrow('EEXIST');
  expect(listed()).toEqual(before);
  expect(readFileSync(join(root, 'there.txt'), 'utf8')).toBe('before');
});

async function begin(args: string[], typed = ''): Promise<{ code: number; output: string; errors: string }> {
  const [output, errors] = [new PassThrough(), new PassThrough()];
  const code = await runNew(args, { root, input: Readable.from(typed === '' ? [] : [typed]), output, errors });
  return { code, output: String(output.read() ?? ''), errors: String(errors.read() ?? '') };
}

function read(file: string): string {
  return readFileSync(join(root, file), 'utf8');
}

function listed(): string[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' }).sort();
}
