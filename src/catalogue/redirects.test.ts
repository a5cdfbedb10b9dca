import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { readRedirects, redirected } from './redirects.ts';

const roots: string[] = [];
afterEach(() => roots.splice(0).forEach((root) => rmSync(root, { recursive: true })));

function treeWith(yaml: string): string {
  const root = mkdtempSync(join(tmpdir(), 'redirects-'));
  roots.push(root);
  mkdirSync(join(root, 'content/data'), { recursive: true });
  writeFileSync(join(root, 'content/data/redirects.yaml'), yaml);
  return root;
}

describe('the file', () => {
  test('the one of the catalogue is right', () => {
    expect(() => readRedirects()).not.toThrow();
  });

  test('holds pages and places on pages', () => {
    expect(readRedirects(treeWith('- { from: /patterns/old/, to: /patterns/new/, since: 2026-12-01 }\n- { from: "/patterns/saga/#a", to: "/patterns/saga/#b", since: 2026-12-02 }'))).toEqual([
      { from: '/patterns/old/', to: '/patterns/new/', since: '2026-12-01' },
      { from: '/patterns/saga/#a', to: '/patterns/saga/#b', since: '2026-12-02' },
    ]);
  });

  test.each([
    ['an address without its slash', '- { from: /patterns/old, to: /patterns/new/, since: 2026-12-01 }', 'content/data/redirects.yaml: 0.from: found "/patterns/old"; expected an address below the site'],
    ['another host', '- { from: /patterns/old/, to: "https://example.org/", since: 2026-12-01 }', '0.to: found "https://example.org/"'],
    ['no day', '- { from: /patterns/old/, to: /patterns/new/ }', '0.since: found nothing; expected a day such as 2026-11-21'],
    ['an unknown key', '- { from: /patterns/old/, to: /patterns/new/, since: 2026-12-01, form: x }', 'Did you mean "from"?'],
    ['one address twice', '- { from: /a/, to: /b/, since: 2026-12-01 }\n- { from: /a/, to: /c/, since: 2026-12-01 }', '1.from: found "/a/", which stands there twice'],
    ['a chain', '- { from: /a/, to: /b/, since: 2026-12-01 }\n- { from: /b/, to: /c/, since: 2026-12-01 }', '0.to: found "/b/", which was given up itself; expected the address where it ends, "/c/"'],
  ])('%s is named', (_, yaml, message) => {
    expect(() => readRedirects(treeWith(yaml))).toThrow(message);
  });
});

test('what stands below a page moves with it, a place of its own first', () => {
  const redirects = [{ from: '/patterns/old/', to: '/patterns/new/', since: '2026-12-01' }, { from: '/patterns/old/#how', to: '/guides/how/#first', since: '2026-12-01' }];
  expect(redirected('/patterns/old/', redirects)).toBe('/patterns/new/');
  expect(redirected('/patterns/old/1.0/', redirects)).toBe('/patterns/new/1.0/');
  expect(redirected('/patterns/old/#problem', redirects)).toBe('/patterns/new/#problem');
  expect(redirected('/patterns/old/#how', redirects)).toBe('/guides/how/#first');
  expect(redirected('/patterns/older/', redirects)).toBeUndefined();
});
