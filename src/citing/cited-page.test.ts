import { expect, test } from 'vitest';
import { citedPage } from './cited-page.ts';

const changes = [{ version: '1.1', date: '2026-12-24', what: 'Says who pays.' }, { version: '1.0', date: '2026-11-27', what: 'First published.' }];
const data = { title: 'Saga', description: 'Local commits in a row.', changes };

test('a page is cited by its latest address and by the version that was read', () => {
  expect(citedPage('pattern', 'saga', data, 'https://example.org/repo/')).toEqual({
    kind: 'pattern', slug: 'saga', title: 'Saga', description: 'Local commits in a row.',
    address: 'https://example.org/repo/patterns/saga/',
    pinned: 'https://example.org/repo/patterns/saga/1.1/',
    version: '1.1', date: '2026-12-24',
  });
});

test('the fingerprint goes along where it is known', () => {
  const fingerprint = { swhid: 'swh:1:cnt:0', blob: '0' };
  expect(citedPage('problem', 'a-queue', data, 'https://example.org', fingerprint)).toMatchObject({ pinned: 'https://example.org/problems/a-queue/1.1/', fingerprint });
});

test('a page without a version cannot be cited', () => {
  expect(() => citedPage('pattern', 'saga', { ...data, changes: [] }, 'https://example.org/')).toThrow('/patterns/saga/ has no version yet');
});
