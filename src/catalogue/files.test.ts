import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { filesBelow, parsePage, parseQuestions, parseSource, readCatalogue, readQuestions } from './files.ts';
import { parseGlossary } from './glossary.ts';
import { parseRedirects } from './redirects.ts';
import { samplePattern, sampleProblem, sampleSource } from './sample.ts';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'catalogue-'));
  write('content/data/sources/first-source.yaml', stringify(sampleSource()));
  write('content/data/sources/second-source.yaml', stringify(sampleSource()));
  page('patterns/resilience/steady-hand', samplePattern());
  page('problems/coffee-is-spilled', sampleProblem());
});

afterEach(() => rmSync(root, { recursive: true }));

describe('readCatalogue', () => {
  test('reads patterns, problems and sources', () => {
    const { patterns, problems, sources } = readCatalogue(root);
    expect(patterns.map(({ slug, file, body }) => ({ slug, file, body }))).toEqual([
      { slug: 'steady-hand', file: 'content/docs/patterns/resilience/steady-hand.mdx', body: '\nText.\n' },
    ]);
    expect(problems.map(({ data }) => data.candidates[0]?.pattern)).toEqual(['steady-hand']);
    expect([...sources.keys()]).toEqual(['first-source', 'second-source']);
  });

  test('an unknown key is named with file, key and the nearest known one', () => {
    page('patterns/resilience/steady-hand', { ...samplePattern(), symptons: [] });
    expect(() => readCatalogue(root)).toThrow(/steady-hand\.mdx: symptons: found an unknown key; expected one of kind, title, .*\. Did you mean "symptoms"\?/);
  });

  test('an unknown key inside a list is checked against the keys of that list', () => {
    page('patterns/resilience/steady-hand', { ...samplePattern(), relations: [{ to: 'x', as: 'requires', why: 'Because it does.', wy: '' }] });
    expect(() => readCatalogue(root)).toThrow(/relations\.0\.wy: found an unknown key; expected one of to, as, why\. Did you mean "why"\?/);
  });

  test('a force outside the vocabulary is told with the nearest', () => {
    page('patterns/resilience/steady-hand', { ...samplePattern(), forces: { 'no-brokers': 1 } });
    expect(() => readCatalogue(root)).toThrow(/forces\.no-brokers: found an unknown key; expected one of must-answer-now, .*\. Did you mean "no-broker"\?/);
  });

  test('all problems of all files are told at once', () => {
    page('patterns/resilience/steady-hand', { ...samplePattern(), category: 'resilence' });
    page('problems/coffee-is-spilled', { ...sampleProblem(), group: 'dwn' });
    write('content/data/sources/first-source.yaml', stringify({ ...sampleSource(), kind: 'blog' }));
    expect(messageOf(() => readCatalogue(root)).match(/found "(resilence|dwn|blog)"/g)).toHaveLength(3);
  });

  test('a page or source that is broken makes no second problem where it is named', () => {
    page('patterns/resilience/steady-hand', { ...samplePattern(), category: 'resilence' });
    write('content/data/sources/first-source.yaml', stringify({ ...sampleSource(), kind: 'blog' }));
    expect(messageOf(() => readCatalogue(root))).toMatch(/^2 problems/);
  });

  test('frontmatter that is not YAML is told with the reason', () => {
    write('content/docs/problems/coffee-is-spilled.mdx', '---\ntitle: [unclosed\n---\n');
    expect(() => readCatalogue(root)).toThrow(/coffee-is-spilled\.mdx: frontmatter: found text that is not YAML/);
  });

  test.each([
    ['an entry that holds itself', 'title: &it { it: *it }'],
    ['nine lines that stand for half a milliard entries', Array.from({ length: 9 }, (_, at) => `k${at}: &k${at} [${Array(9).fill(at === 0 ? 'x' : `*k${at - 1}`).join(', ')}]`).join('\n')],
    ['an alias of a text', 'publisher: &who Ada\nauthors: [*who]'],
  ])('an alias is refused: %s', (_, yaml) => {
    for (const parsed of [parseSource('content/data/sources/first-source.yaml', yaml), parsePage('content/docs/problems/coffee-is-spilled.mdx', `---\n${yaml}\n---\n`), parseGlossary(yaml), parseRedirects(yaml)]) {
      expect(parsed.violations).toMatchObject([{ rule: 'not-yaml', expected: expect.stringContaining('An alias (`*name`) is not taken') as string }]);
    }
  });

  test('what begins with a star in quotes, or is bold, is a text', () => {
    expect(parseQuestions('content/data/questions/x.yaml', '- "*why*"\n- **why\n').violations).toEqual([expect.objectContaining({ rule: 'not-yaml' })]);
    expect(parseQuestions('content/data/questions/x.yaml', '- "*why*"\n- Why *this*, and not [*that*]\n')).toMatchObject({ violations: [], questions: { raw: ['*why*', 'Why *this*, and not [*that*]'] } });
  });

  test('a page without frontmatter and a kind that does not exist are told', () => {
    write('content/docs/problems/coffee-is-spilled.mdx', 'Text only.\n');
    expect(() => readCatalogue(root)).toThrow(/coffee-is-spilled\.mdx: kind: found nothing/);
    page('problems/coffee-is-spilled', { ...sampleProblem(), kind: 'problm' });
    expect(() => readCatalogue(root)).toThrow(/kind: found "problm".*Did you mean "problem"\?/);
  });

  test('lines may end as on Windows', () => {
    write('content/docs/problems/coffee-is-spilled.mdx', `---\n${stringify(sampleProblem())}---\n\nText.\n`.replaceAll('\n', '\r\n'));
    expect(readCatalogue(root).problems).toHaveLength(1);
  });

  test('questions come by the slug of their pattern', () => {
    write('content/data/questions/steady-hand.yaml', stringify(['Why is there coffee on the floor?']));
    expect([...readCatalogue(root).questions]).toEqual([['steady-hand', ['Why is there coffee on the floor?']]]);
    expect(readQuestions(root)).toEqual(readCatalogue(root).questions);
  });

  test('questions of no pattern, and text that is no list, are told with the rest', () => {
    write('content/data/questions/steady-hnd.yaml', stringify(['Why is there coffee on the floor?']));
    write('content/data/questions/steady-hand.yaml', 'Why is there coffee on the floor?');
    page('problems/coffee-is-spilled', { ...sampleProblem(), group: 'dwn' });
    const message = messageOf(() => readCatalogue(root));
    expect(message).toMatch(/steady-hnd\.yaml: file name: found "steady-hnd"; expected the slug of a pattern\. Did you mean "steady-hand"\?/);
    expect(message).toMatch(/steady-hand\.yaml: questions: found "Why is there coffee on the floor\?"; expected a list/);
    expect(message).toMatch(/found "dwn"/);
  });

  test('a folder without content is an empty catalogue', () => {
    expect(readCatalogue(join(root, 'nowhere')).patterns).toEqual([]);
  });
});

describe('filesBelow', () => {
  test('leaves out what begins with an underscore, and sorts', () => {
    write('content/docs/patterns/_template.mdx', 'anything');
    expect(filesBelow(root, 'content/docs', '.mdx')).toEqual(['content/docs/patterns/resilience/steady-hand.mdx', 'content/docs/problems/coffee-is-spilled.mdx']);
  });
});

function page(path: string, data: unknown): void {
  write(`content/docs/${path}.mdx`, `---\n${stringify(data)}---\n\nText.\n`);
}

function write(file: string, text: string): void {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), text);
}

function messageOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return '';
}
