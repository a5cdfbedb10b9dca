import { afterEach, beforeEach, expect, test } from 'vitest';
import type { GitHub } from './api.ts';
import { FakeGitHub } from './fake-github.ts';
import { keepIssue } from './upkeep-issue.ts';

let fake: FakeGitHub;
let github: GitHub;
beforeEach(async () => {
  fake = new FakeGitHub();
  github = await fake.start();
});
afterEach(() => fake.stop());

const keep = (body: string, name = 'links'): Promise<string> => keepIssue(github, { name, title: 'Links', body });

test('an issue is opened, rewritten and closed as there is something to do', async () => {
  expect(await keep('')).toBe('Links: nothing to do.');
  expect(await keep('two broken')).toBe('Links: opened issue 1.');
  expect(await keep('one broken')).toBe('Links: updated issue 1.');
  expect(fake.issues).toMatchObject([{ title: 'Links', body: '<!-- pattern-atlas: links -->\none broken', state: 'open' }]);
  expect(await keep('')).toBe('Links: closed issue 1.');
  expect(await keep('again')).toBe('Links: opened issue 2.');
});

test('each report has its own, and that of somebody else is left alone', async () => {
  fake.issues.push({ id: 1, number: 1, state: 'open', title: 'x', body: '<!-- pattern-atlas: links -->', user: { login: 'eve' } });
  expect(await keep('x')).toBe('Links: opened issue 2.');
  expect(await keep('x', 'unreviewed')).toBe('Links: opened issue 3.');
});

test('a report too long for an issue is cut', async () => {
  await keep('x'.repeat(100_000));
  expect(fake.issues[0]?.body?.length).toBeLessThan(61_000);
});
