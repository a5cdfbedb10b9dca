import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { writtenPath } from './written-path.ts';

test('a path counts from where npm was called, and an absolute one stays', () => {
  const called = resolve('somewhere');
  expect(writtenPath('site.zip', { INIT_CWD: called })).toBe(join(called, 'site.zip'));
  expect(writtenPath(resolve('other/site.zip'), { INIT_CWD: called })).toBe(resolve('other/site.zip'));
  expect(writtenPath('site.zip', {})).toBe(resolve('site.zip'));
});
