import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Report } from '../revisions/report.ts';
import type { GitHub } from './api.ts';
import { FakeGitHub } from './fake-github.ts';
import { commentOn } from './pull-request-comment.ts';
import type { RunEvent } from './pull-request-comment.ts';

const sha = 'a'.repeat(40);
const event: RunEvent = { workflow_run: { id: 7, event: 'pull_request', conclusion: 'success', html_url: 'https://github.com/a/b/actions/runs/7', head_sha: sha, head_branch: 'topic', head_repository: { full_name: 'eve/b', owner: { login: 'eve' } } } };
const row = { set: 'benchmark', query: 'charged twice', expected: ['saga'], before: ['saga'], after: ['retry'], placeBefore: 1, placeAfter: null } as const;
const score = { hitAt1: 0.5, hitAt3: 0.75, reciprocal: 0.6 };
const report: Report = {
  changed: { before: 'main', after: 'HEAD', other: [], pages: [{ file: 'x.mdx', address: '/patterns/saga/', title: 'Saga', state: 'changed', parts: ['page'], versionBefore: '1.0', versionAfter: '1.1', what: 'Says more.', wordsAdded: 3, wordsRemoved: 1 }] },
  moved: { before: 'main', after: 'HEAD', notes: [], sets: [{ set: 'benchmark', asked: 10, moved: 1, scored: 10, before: score, after: score }], moved: [row], added: [], dropped: 0 },
};

let fake: FakeGitHub;
let github: GitHub;

beforeEach(async () => {
  fake = new FakeGitHub();
  github = await fake.start();
  fake.pulls.push({ number: 12, state: 'open', head: { label: 'eve:topic', sha, repo: { full_name: 'eve/b' } } });
});
afterEach(() => fake.stop());

const told = (value: unknown = report, on = event): Promise<string> => commentOn(github, on, value === undefined ? undefined : new TextEncoder().encode(JSON.stringify(value)), 'https://example.org');

describe('the comment', () => {
  test('says what changed, what moved and where the preview is', async () => {
    fake.artifacts.push({ id: 99, name: 'site', expired: false });
    expect(await told()).toBe('Wrote the comment of pull request 12.');
    const [comment] = fake.comments;
    expect(comment?.issue).toBe(12);
    expect(comment?.body).toContain('[`Saga`](https://example.org/patterns/saga/) | page | 1.0 → 1.1 | +3 −1 | `Says more.` |');
    expect(comment?.body).toContain('▼ worse: 1st → not found | `charged twice` |');
    expect(comment?.body).toContain('[the built site](https://github.com/a/b/actions/runs/7/artifacts/99)');
  });

  test('is one: a second run rewrites it', async () => {
    await told();
    expect(await told()).toBe('Updated the comment of pull request 12.');
    expect(fake.writes).toEqual(['POST /issues/12/comments', 'PATCH /issues/comments/1']);
  });

  test('is not that of somebody who wrote the same mark, on whatever page of the list', async () => {
    await told();
    const [own] = fake.comments.splice(0);
    fake.comments.push(...Array.from({ length: 120 }, (_, at) => ({ id: 500 + at, issue: 12, body: own?.body ?? '', user: { login: 'eve' } })));
    expect(await told()).toMatch(/^Wrote/);
    expect(await told()).toMatch(/^Updated/);
  });

  test('stays within what GitHub takes', async () => {
    const moved = Array.from({ length: 900 }, (_, at) => ({ ...row, query: `${at} ${'long '.repeat(100)}` }));
    const pages = Array.from({ length: 900 }, () => ({ ...report.changed.pages[0], what: 'w'.repeat(500) }));
    await told({ changed: { ...report.changed, pages }, moved: { ...report.moved, moved, added: moved } });
    expect(fake.comments[0]?.body?.length).toBeLessThan(60_100);
    expect(fake.comments[0]?.body).toMatch(/… and 8\d\d more\./);
  });
});

describe('where it goes, only GitHub says', () => {
  test.each([
    ['another commit is the newest', { head_sha: 'b'.repeat(40) }],
    ['the branch is of another fork', { head_repository: { full_name: 'eve/other', owner: { login: 'eve' } } }],
    ['the branch is another', { head_branch: 'main' }],
  ])('nowhere when %s', async (_, change) => {
    expect(await told(report, { workflow_run: { ...event.workflow_run, ...change } })).toMatch(/^No open pull request/);
    expect(fake.writes).toEqual([]);
  });

  test('nowhere for a push, and for a fork that is gone', async () => {
    expect(await told(report, { workflow_run: { ...event.workflow_run, event: 'push' } })).toMatch(/no pull request/);
    expect(await told(report, { workflow_run: { ...event.workflow_run, head_repository: null } })).toMatch(/no pull request/);
    expect(fake.writes).toEqual([]);
  });
});

describe('a report is not trusted', () => {
  const body = async (value: unknown): Promise<string> => {
    await told(value);
    return fake.comments[0]?.body ?? '';
  };
  const page = (change: object): object => ({ ...report, changed: { ...report.changed, pages: [{ ...report.changed.pages[0], ...change }] } });

  test('what it says stays text', async () => {
    const nasty = '` @team </details> <img src=x> | ![x](https://evil.example/x.png)\n\n# Heading';
    const text = await body({ ...page({ title: nasty, what: nasty }), moved: { ...report.moved, moved: [{ ...row, query: nasty }], notes: [nasty] } });
    expect(outsideCode(text)).not.toMatch(/@team|evil|<img|<\/details>|# Heading/);
  });

  test.each([
    ['an address elsewhere', page({ address: 'https://evil.example/' }), 'changed.pages.0.address'],
    ['an address that ends its link', page({ address: '/x/) [click](https://evil.example' }), 'changed.pages.0.address'],
    ['a version that is a link', page({ versionAfter: '[1](x)' }), 'changed.pages.0.versionAfter'],
    ['a part of its own', page({ parts: ['**'] }), 'changed.pages.0.parts.0'],
    ['a number that is text', page({ wordsAdded: '<b>' }), 'changed.pages.0.wordsAdded'],
    ['a slug that is a link', { ...report, moved: { ...report.moved, moved: [{ ...row, after: ['[x](y)'] }] } }, 'moved.moved.0.after.0'],
    ['no object', [], 'report'],
    ['nothing about pages', { moved: report.moved }, 'changed'],
  ])('%s is refused, with the field', async (_, value, field) => {
    const text = await body(value);
    expect(text).toContain(`The report of the run was refused: \``);
    expect(text).toContain(`${field}: found`);
    expect(outsideCode(text)).not.toContain('evil');
  });

  test('what is no JSON, too large or not there is said', async () => {
    await commentOn(github, event, new TextEncoder().encode('{'), 'https://example.org');
    expect(fake.comments[0]?.body).toContain('it is not JSON');
    await commentOn(github, event, new Uint8Array(5 * 1024 * 1024), 'https://example.org');
    expect(fake.comments[0]?.body).toContain('it has 5242880 bytes');
    await commentOn(github, event, undefined, 'https://example.org');
    expect(fake.comments[0]?.body).toContain('The run made no report');
  });
});

test('all of it runs where no package is installed', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'comment-'));
  cpSync('scripts', join(folder, 'scripts'), { recursive: true });
  cpSync('package.json', join(folder, 'package.json'));
  writeFileSync(join(folder, 'event.json'), JSON.stringify(event));
  writeFileSync(join(folder, 'report.json'), JSON.stringify(report));
  const { stdout } = await promisify(execFile)(process.execPath, ['scripts/comment.ts', 'report.json'], {
    cwd: folder, env: { ...process.env, GITHUB_API_URL: fake.origin, GITHUB_TOKEN: 'secret', GITHUB_REPOSITORY: 'a/b', GITHUB_EVENT_PATH: join(folder, 'event.json') },
  });
  expect(stdout).toBe('Wrote the comment of pull request 12.\n');
  rmSync(folder, { recursive: true });
});

test('a refusal of GitHub is an error that says what was asked', async () => {
  await expect(commentOn(fake.client('wrong'), event, undefined, 'https://example.org')).rejects.toThrow(/^GET \/pulls\?.*: 404 .*Not Found/);
});

function outsideCode(markdown: string): string {
  return markdown.replaceAll(/(?<!`)(`+)(?!`)[\s\S]*?(?<!`)\1(?!`)/g, '');
}
