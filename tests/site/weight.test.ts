import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { siteDir, siteFiles } from './built-site.ts';

describe('weight', () => {
  test('all fonts together are at most 40 KB', () => {
    const fonts = siteFiles.filter((file) => file.endsWith('.woff2'));
    expect(fonts.length).toBeGreaterThan(0);
    expect(fonts.reduce((bytes, file) => bytes + readFileSync(join(siteDir, file)).length, 0)).toBeLessThanOrEqual(40 * 1024);
  });

  test('no module brings a style sheet along: the helper that loads modules would leave it out', () => {
    const lists = siteFiles.filter((file) => file.endsWith('.js')).flatMap((file) => /m\.f=(\[[^\]]*\])/.exec(readFileSync(join(siteDir, file), 'utf8'))?.[1] ?? []);
    expect(lists.length).toBeGreaterThan(0);
    expect(lists.filter((list) => list.includes('.css'))).toEqual([]);
  });

  test('nothing that the site does not use is shipped: no Mermaid, no source maps', () => {
    expect(siteFiles.filter((file) => /mermaid.*\.js$|\.map$/.test(file))).toEqual([]);
  });
});
