import { describe, expect, test } from 'vitest';
import { absolute, filePathOf, pathOf, pinnedPathOf, twinPathOf, underBase } from './addresses.ts';

describe('addresses', () => {
  test('a page, its versions, its twin and its files stand where they are promised', () => {
    expect(pathOf('pattern', 'saga')).toBe('/patterns/saga/');
    expect(pathOf('problem', 'a-queue-keeps-growing')).toBe('/problems/a-queue-keeps-growing/');
    expect(pathOf('guide', 'one-slow-service')).toBe('/guides/one-slow-service/');
    expect(pinnedPathOf('pattern', 'saga', '1.0')).toBe('/patterns/saga/1.0/');
    expect(filePathOf('pattern', 'saga', 'cite.bib')).toBe('/patterns/saga/cite.bib');
    expect(twinPathOf(pinnedPathOf('guide', 'one-slow-service', '1.0'))).toBe('/guides/one-slow-service/1.0/index.md');
    expect(twinPathOf('/')).toBe('/index.md');
  });

  test.each([['/', '/patterns/'], ['/repo', '/repo/patterns/'], ['/repo/', '/repo/patterns/'], ['', '/patterns/']])('below the base path "%s"', (base, path) => {
    expect(underBase(base, '/patterns/')).toBe(path);
    expect(absolute('https://example.org', base, '/patterns/')).toBe(`https://example.org${path}`);
    expect(absolute(new URL('https://example.org/'), base, '/patterns/')).toBe(`https://example.org${path}`);
  });

  test('a site without an address is named', () => {
    expect(() => absolute(undefined, '/', '/')).toThrow('set `site` in astro.config.mjs');
    expect(() => absolute('example.org', '/', '/')).toThrow('"example.org" is not the address of a site');
  });
});
