import { describe, expect, test } from 'vitest';
import { caddyfile } from './caddyfile.ts';
import { headerRules, headersFor } from './header-rules.ts';
import { headersFile, redirectsFile } from './headers-file.ts';
import { scriptHashes } from './inline-scripts.ts';
import { contentPolicy, withPolicy } from './policy.ts';
import { rulesOf } from './site-files.ts';

const site = (pages: Record<string, string>): Map<string, Uint8Array> => new Map(Object.entries(pages).map(([name, text]) => [name, Buffer.from(text)]));

describe('inline scripts', () => {
  test('that run are hashed, each once; data, files and comments are not', () => {
    const page = '<script>a()</script><script type="module">b()</script><script>a()</script><script src="/c.js"></script><script type="application/ld+json">{}</script><script type="application/json">{}</script>';
    // printf 'a()' | openssl dgst -sha256 -binary | base64
    expect(scriptHashes(page)).toEqual(["'sha256-qVpDBgj7bpq5hMAcGp3AOc79J3Y1Z4HvySTwKrWDoy4='", "'sha256-cf242PFc/kb7xD0Qzhsmd9vvRkc+cWFmbi+k+YvtdKc='"]);
  });
});

describe('the policy', () => {
  test('lets no script stand in a page unless its hash is there, and nothing come from elsewhere', () => {
    const policy = contentPolicy(["'sha256-x'"]);
    expect(policy).toContain("script-src 'self' 'wasm-unsafe-eval' 'sha256-x';");
    expect(policy).not.toMatch(/script-src[^;]*'unsafe-(inline|eval)'|https?:|\*/);
  });

  test('stands before anything it governs, and a page that could not hold it ends the build', () => {
    expect(withPolicy('<head><meta charset="utf-8"><script>a()</script>', [])).toMatch(/^<head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="[^"]+"><script>/);
    expect(() => withPolicy('<head><title>x</title>', [])).toThrow('charset');
  });

  test('of a site holds the scripts of all its pages, and not those of the sandbox', () => {
    const [rule] = rulesOf(site({ 'index.html': '<script>a()</script>', 'b/index.html': '<script>b()</script>', 'sandbox.html': '<script>c()</script>', 'a.js': '<script>d()</script>' }));
    expect(rule?.headers['Content-Security-Policy']?.match(/'sha256-/g)).toHaveLength(2);
  });
});

describe('headers', () => {
  const rules = headerRules(["'sha256-x'"]);
  const of = (path: string): Record<string, string> => headersFor(rules, path);

  test('nothing may frame a page but a card, which everything may', () => {
    for (const path of ['/', '/patterns/saga/', '/find/', '/patterns/saga/card', '/patterns/card/', '/patterns/saga/card/more/']) {
      expect(of(path)['Content-Security-Policy'], path).toMatch(/frame-ancestors 'none'$/);
      expect(of(path)['X-Frame-Options'], path).toBe('DENY');
    }
    expect(of('/patterns/saga/card/')['Content-Security-Policy']).toMatch(/frame-ancestors \*$/);
    expect(of('/patterns/saga/card/')).not.toHaveProperty('X-Frame-Options');
    // A second policy would hold beside the sandbox's own, and end it.
    expect(of('/sandbox.html')['Content-Security-Policy']).toBe("sandbox allow-scripts;frame-ancestors 'self'");
  });

  test('what is named after its bytes is kept for a year, everything else is asked for again', () => {
    for (const path of ['/_astro/x.B1.js', '/pagefind/fragment/en_1.pf_fragment']) expect(of(path)['Cache-Control'], path).toBe('public, max-age=31536000, immutable');
    for (const path of ['/', '/find/index.json', '/offline-worker.js', '/pagefind/pagefind.js', '/patterns/saga/1.0/']) expect(of(path)['Cache-Control'], path).toBe('public, max-age=0, must-revalidate');
  });

  test('code is text to read, not a film', () => {
    expect(of('/examples/saga/saga.ts')['Content-Type']).toBe('text/plain; charset=utf-8');
    expect(of('/patterns/saga/')).not.toHaveProperty('Content-Type');
  });
});

describe('files for hosts', () => {
  const rules = [{ path: '/*', headers: { A: '1', B: '2' } }, { path: '/:kind/:slug/card/', headers: { A: null, B: '3', C: '4' } }];

  test('_headers takes away what a later rule replaces, since rules are joined there', () => {
    expect(headersFile(rules)).toBe('/*\n  A: 1\n  B: 2\n\n/:kind/:slug/card/\n  ! A\n  ! B\n  B: 3\n  C: 4\n');
    // https://developers.cloudflare.com/pages/configuration/headers/: at most 100 rules of 2,000 characters a line.
    const real = headersFile(headerRules(Array.from({ length: 6 }, () => `'sha256-${'x'.repeat(44)}'`))).split('\n');
    expect(Math.max(...real.map((line) => line.length))).toBeLessThan(2000);
    expect(real.filter((line) => /\*.*\*/.test(line) && line.startsWith('/'))).toEqual([]);
  });

  test('_redirects moves what stood below along; a place on a page is for the page to find', () => {
    expect(redirectsFile([{ from: '/patterns/old/', to: '/patterns/new/' }, { from: '/patterns/part/', to: '/patterns/whole/#part' }, { from: '/patterns/saga/#a', to: '/patterns/saga/#b' }]))
      .toBe('/patterns/old/* /patterns/new/:splat 301\n/patterns/part/* /patterns/whole/#part 301\n');
  });

  test('a Caddyfile keeps the order of the rules, and quotes what it sends', () => {
    const text = caddyfile([...rules, { path: '/*.ts', headers: { D: 'say "x"' } }], [{ from: '/patterns/old/', to: '/patterns/new/' }]);
    expect(text.indexOf('@rule0 path /*')).toBeLessThan(text.indexOf('@rule1 path /*/*/card/'));
    expect(text).toContain('\t\t\t-A\n\t\t\tB "3"\n');
    expect(text).toContain('D "say \\"x\\""');
    expect(text).toContain('handle_path /patterns/old/* {\n\t\t\tredir * /patterns/new{uri} 301');
  });
});
