import { expect, test } from 'vitest';
import { changesOf } from './changes.ts';

const page = (slug: string, ...changes: [string, string][]) => ({ slug, data: { title: slug, description: 'd', changes: changes.map(([version, date]) => ({ version, date, what: 'w' })) } });

test('each version of each page is news, the newest first, and in one order on one day', () => {
  const pages = {
    pattern: [page('b', ['1.10', '2026-02-01'], ['1.9', '2026-02-01'], ['1.0', '2026-01-01']), page('a', ['1.0', '2026-02-01'])],
    problem: [page('c', ['1.0', '2026-03-01'])],
    guide: [page('z', ['1.0', '2026-02-01'])],
  };
  const order = ['/problems/c/1.0/', '/guides/z/1.0/', '/patterns/a/1.0/', '/patterns/b/1.10/', '/patterns/b/1.9/', '/patterns/b/1.0/'];
  expect(changesOf(pages).map(({ path }) => path)).toEqual(order);
  expect(changesOf({ ...pages, pattern: pages.pattern.toReversed() }).map(({ path }) => path)).toEqual(order);
});
