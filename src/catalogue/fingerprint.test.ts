import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { fingerprintOf, sourceFingerprint } from './fingerprint.ts';

test.each([['nothing', ''], ['a line', 'Silence is read as no.\n'], ['letters outside ASCII', 'Sätze – “so”\n'], ['bytes that are no text', new Uint8Array([0, 255, 10, 13])]])('%s is called what git calls it', (_, content) => {
  const bytes = Buffer.from(content as string);
  expect(fingerprintOf(bytes).blob).toBe(git(['hash-object', '--stdin', '--no-filters'], bytes));
});

test('a file too, and Software Heritage by the same name', () => {
  const file = 'content/docs/patterns/_template.mdx';
  const { blob, swhid } = sourceFingerprint(file);
  expect(blob).toBe(git(['hash-object', '--no-filters', file]));
  expect(swhid).toBe(`swh:1:cnt:${blob}`);
});

/** From the identifiers' specification: the empty file is known to every archive. */
test('the empty file has its well-known name', () => {
  expect(fingerprintOf(new Uint8Array()).swhid).toBe('swh:1:cnt:e69de29bb2d1d6434b8b29ae775ad8c2e48c5391');
});

function git(args: string[], input?: Uint8Array): string {
  return execFileSync('git', args, { input, encoding: 'utf8' }).trim();
}
