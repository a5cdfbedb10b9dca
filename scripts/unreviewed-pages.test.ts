import { expect, test } from 'vitest';
import { unreviewed } from './unreviewed-pages.ts';

const page = (title: string, reviewed: string): { file: string; title: string; reviewed: string; address: string } => ({ file: `${title}.mdx`, title, reviewed, address: `https://example.org/${title}/` });

test('lists pages that were read longer ago, the longest first', () => {
  const text = unreviewed([page('a', '2026-11-27'), page('b', '2026-11-26'), page('c', '2025-01-01')], '2027-11-27', 365);
  expect(text.split('\n').filter((line) => line.startsWith('| ['))).toEqual(['| [c](https://example.org/c/) | 2025-01-01 | 1060 | `c.mdx` |', '| [b](https://example.org/b/) | 2026-11-26 | 366 | `b.mdx` |']);
});

test('has a title alone where every page was read', () => {
  expect(unreviewed([page('a', '2026-11-27')], '2027-11-27', 365)).toBe('# Pages that want a reading\n');
});

test('refuses a day that is none', () => {
  expect(() => unreviewed([], 'tomorrow', 365)).toThrow(/"tomorrow"/);
});
