/** What a page brings before its reader does anything, part by part, as its HTML says it; tests/e2e/weight.test.ts holds the sum in a browser. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { gzipBytes, neededBy, scriptNamed } from '../../scripts/script-weight.ts';
import { scenarios } from '../scenarios/every-scenario.ts';
import { listedPages, siteDir, siteText, workerOf } from './built-site.ts';
import type { BuiltPage } from './built-site.ts';

interface Parts { html: number; css: number; js: number; requests: number }
/** `line` is what each line of its table may add, in bytes: a drawing and a list of all relations grow with them. */
interface Budget extends Parts { kind: string; of: RegExp; line?: number }

const kilobyte = 1024;
/** KB after gzip of each part, and files without fonts. */
const budgets: Budget[] = [
  { kind: 'the home page', of: /^\/$/, html: 10, css: 13, js: 3.5, requests: 6 },
  { kind: 'the finder', of: /^\/find\/$/, html: 17, css: 15, js: 4, requests: 8 },
  { kind: 'the map', of: /^\/map\/$/, html: 9.5, line: 235, css: 11, js: 3.5, requests: 6 },
  { kind: 'a pattern', of: /^\/patterns\/[^/]+\/$/, html: 24, css: 11, js: 3.5, requests: 5 },
  { kind: 'a problem', of: /^\/problems\/[^/]+\/$/, html: 10, css: 12, js: 3.5, requests: 6 },
  { kind: 'a guide', of: /^\/guides\/[^/]+\/$/, html: 19, css: 12, js: 3.5, requests: 6 },
  { kind: 'a comparison', of: /^\/compare\/[^/]+\/$/, html: 14, css: 14, js: 4, requests: 8 },
];

describe('before a reader does anything', () => {
  test.each(budgets)('$kind keeps to its budget: HTML, style sheets, scripts, requests', ({ of, html, line = 0, css, js, requests }) => {
    const own = listedPages.filter(({ address }) => of.test(address)).map((page) => ({ address: page.address, lines: page.document.querySelectorAll('tr.line').length, ...partsOf(page) }));
    expect(own.length).toBeGreaterThan(0);
    expect(own.filter((each) => each.html > html * kilobyte + line * each.lines || each.css > css * kilobyte || each.js > js * kilobyte || each.requests > requests)).toEqual([]);
  });
});

/** Where a worker weighs more than its bound (tests/site/weight.test.ts says why), so does the whole; each held where it is, in KB. */
const heavierSimulators: Record<string, number> = {
  'cqrs': 20.5, 'event-sourcing': 20.5, 'saga': 21.5, 'service-registry': 20.5,
  'a-payment-that-never-doubles': 24.5, 'an-order-across-four-services': 23, 'one-slow-service': 22, 'out-of-the-monolith': 21,
};

describe('when a reader comes near', () => {
  test.each(scenarios)('the simulator of $slug brings at most 20 KB more with brotli, its worker included, or what is named, and 12 bytes an example by which it finds them', ({ slug }) => {
    const start = scriptNamed(siteDir, 'pattern-simulator');
    const said = new RegExp(`examples/${slug}/scenario\\.ts.{1,12}import\\([\`"']\\./([^\`"']+)`).exec(siteText(`_astro/${start}`))?.[1] ?? '';
    const names = new Set([...neededBy(siteDir, start), ...neededBy(siteDir, said), workerOf(slug).replace('/_astro/', '')]);
    const bytes = [...names].reduce((sum, name) => sum + brotliCompressSync(readFileSync(join(siteDir, '_astro', name))).length, 0);
    expect(bytes).toBeLessThanOrEqual((heavierSimulators[slug] ?? 20) * kilobyte + 12 * scenarios.length);
  });
});

function partsOf({ html, document }: BuiltPage): Parts {
  const sheets = [...document.querySelectorAll<HTMLLinkElement>('link[rel="stylesheet"]')].map(({ href }) => fileOf(href));
  const scripts = [...document.querySelectorAll<HTMLScriptElement>('script[src]')].map(({ src }) => fileOf(src));
  const modules = [...new Set(scripts.flatMap((script) => neededBy(siteDir, script.replace('_astro/', ''))))];
  return {
    html: gzipSync(html, { level: 9 }).length,
    css: sheets.reduce((sum, sheet) => sum + gzipSync(readFileSync(join(siteDir, sheet)), { level: 9 }).length, 0),
    js: gzipBytes(siteDir, modules),
    requests: 1 + sheets.length + modules.length,
  };
}

function fileOf(address: string): string {
  return new URL(address, 'http://site.invalid').pathname.slice(1);
}
