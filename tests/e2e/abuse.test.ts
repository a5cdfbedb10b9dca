/** Addresses, words and programs that nobody means well with. What a page must never do, the reader notes by itself. */
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { root } from '../architecture/repository.ts';
import { useReader } from './reader.ts';

const reader = useReader();

const markup = '"><img src=x id=hit onerror=alert(1)><script id=hit>alert(1)</script><svg onload=alert(1)>';
/** As they stand in an address. */
const values: Record<string, string> = {
  'markup': encodeURIComponent(markup),
  'markup as it is': markup.replaceAll(/[&#"<>\s]/g, (sign) => (sign === '<' || sign === '>' ? sign : encodeURIComponent(sign))),
  'a script for a link': 'javascript:alert(1)//',
  'broken percent': '%E0%A4%A,%,%2,%C0%AF,%ED%A0%80',
  'signs without a look': '%00%01%1B%5B31m%E2%80%AE%EF%BB%BF%EF%BF%BD',
  'names of the language': '__proto__,constructor,toString,hasOwnProperty',
  'a pattern for a search': '(a%2B)%2B%24%5B%5C',
  'numbers': '-1,1e400,NaN,0x10,99999999999999999999',
  'very long': 'saga-and-'.repeat(700),
};
const longest = 9_000;

/** Of each value one address with all names, one with a name a thousand times, one with names that nobody gave. */
function addresses(path: string, names: readonly string[]): string[] {
  return [
    ...Object.values(values).map((value) => `${path}?${names.map((name) => `${name}=${value}`).join('&').slice(0, longest)}#${value.slice(0, 200)}`),
    `${path}?${Array.from({ length: 1_500 }, (_, at) => `${names[at % names.length]}=${at}`).join('&').slice(0, longest)}`,
    `${path}?__proto__=1&constructor=x&__proto__[polluted]=1&=&&==&%00=%00&${names.map((name) => `${name}&${name}=&${name}[]=x`).join('&')}`,
  ];
}

const surfaces: [name: string, path: string, names: readonly string[], ready: string][] = [
  ['finder', '/find/', ['q', 'yes', 'no', 'applies', 'must', 'not'], 'problem-finder input'],
  ['comparison', '/compare/', ['of'], 'pattern-comparison input'],
  ['map', '/map/', ['category', 'relation', 'pattern'], 'relation-map svg'],
  ['simulator', '/patterns/circuit-breaker/', ['seed', 'read', 'threshold', 'timeoutMs', 'callers'], 'pattern-simulator'],
];

test.each(surfaces)('no address harms the %s', async (_, path, names, ready) => {
  const page = await reader.newPage();
  for (const address of addresses(path, names)) {
    expect((await page.goto(address, { waitUntil: 'load' }))?.status(), address.slice(0, 200)).toBe(200);
    if (path.includes('circuit-breaker')) await page.locator('pattern-simulator').scrollIntoViewIfNeeded();
    await page.locator(ready).first().waitFor({ state: 'attached' });
    await page.waitForLoadState('networkidle');
    await unharmed(page, address);
    const said = await page.locator('main').innerText();
    expect(said.length, `${address.slice(0, 200)}\n${said}`).toBeGreaterThan(240);
  }
}, 180_000);

test('a simulator says once what it cannot use, and runs', async () => {
  const page = await reader.open(`/patterns/circuit-breaker/?${'seed=x&'.repeat(1_000)}seed=<b>#try-it`);
  await page.locator('pattern-simulator').scrollIntoViewIfNeeded();
  await page.locator('pattern-simulator[data-live]').waitFor();
  const said = await page.locator('pattern-simulator').innerText();
  expect(said).toContain('The address asks for seed “<b>”');
  expect(said).not.toContain('seed “x”');
});

test('no words harm the palette', async () => {
  const page = await reader.open('/');
  await page.getByRole('button', { name: /search/i }).first().click();
  const box = page.locator('dialog[open] input[type="search"]');
  for (const words of [markup, 'javascript:alert(1)', '__proto__ constructor', '(a+)+$[\\', '\u0000\u202E\uD800', 'x '.repeat(4_000), '%E0%A4%A', '${alert(1)} {{alert(1)}}']) {
    await box.fill(words);
    await expect.poll(() => page.locator('dialog[open] .palette-actions a').first().textContent()).toContain('Find by problem');
    await page.waitForLoadState('networkidle');
    await unharmed(page, words);
  }
  await box.fill('retry');
  await expect.poll(() => page.locator('dialog[open] .palette-catalogue a').first().textContent()).toBe('Retry with Backoff');
});

describe('no program harms the page that holds its editor', () => {
  const source = readFileSync(`${root}src/examples/circuit-breaker/circuit-breaker.ts`, 'utf8');
  const spot = 'const nowMs = clock.now();';
  const programs: [name: string, code: string, said: RegExp][] = [
    ['it prints without measure', "for (let line = 0; line < 1e5; line++) console.log('<img src=x id=hit onerror=alert(1)>'.repeat(500));", /has run|stopped/],
    ['it throws what is no error', "throw { toString(): never { throw null; }, get message(): never { throw null; } };", /\S/],
    ['it rejects with nothing', 'void Promise.reject(null);', /\S/],
    ['it throws markup', "throw new TypeError('<img src=x id=hit onerror=alert(1)>');", /\S/],
    ['it breaks what all objects have', "const all = Object.prototype as unknown as Record<string, unknown>; all['problem'] = { message: 'mine' }; all['outcome'] = 1; all['place'] = { file: '__proto__', line: 1e99, column: -1 };", /\S/],
    ['it breaks the tools that take its result along', 'Array.prototype.map = (() => { throw 1; }) as never; Object.entries = (() => { throw 2; }) as never; JSON.stringify = (() => { throw 3; }) as never;', /\S/],
    ['it asks for more memory than there is', "let much = 'x'; for (;;) much += much;", /\S/],
    ['it posts, and asks for what is outside', "const outside = (0, eval)('this') as Record<string, unknown>; for (const name of ['postMessage', 'parent', 'top', 'indexedDB', 'caches', 'navigator', 'Worker', 'importScripts', 'fetch']) { const found = (() => { try { return outside[name]; } catch { return undefined; } })(); if (found !== undefined) throw new Error('found ' + name); }", /has run/],
  ];

  test('whatever it does, the page says so and runs the next one', async () => {
    const page = await reader.open('/patterns/circuit-breaker/');
    await page.locator('pattern-simulator').scrollIntoViewIfNeeded();
    await page.getByRole('button', { name: /^Edit the code/ }).click();
    await page.locator('.cm-content').waitFor();
    for (const [name, code, said] of programs) {
      expect(await runOf(page, source.replace(spot, `${spot} ${code}`)), name).toMatch(said);
      await unharmed(page, name);
      expect(await page.evaluate(() => ['problem', 'outcome', 'place'].filter((key) => key in {})), name).toEqual([]);
    }
    expect(await runOf(page, source)).toMatch(/has run/);
  }, 120_000);
});

async function runOf(page: Page, text: string): Promise<string> {
  await page.locator('.cm-content').fill(text);
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  const status = page.locator('.example-editor .status');
  await expect.poll(() => status.textContent(), { timeout: 20_000 }).not.toMatch(/^(Running …)?$/);
  return await status.textContent() ?? '';
}

/** Nothing of what came in became an element, a link that runs, or a property of all objects. */
async function unharmed(page: Page, what: string): Promise<void> {
  const found = await page.evaluate(() => [
    ...[...document.querySelectorAll('#hit, [onerror], [onload], main img[src="x"]')].map(({ outerHTML }) => outerHTML.slice(0, 100)),
    ...[...document.links].filter(({ protocol }) => protocol === 'javascript:').map(({ outerHTML }) => outerHTML.slice(0, 100)),
    ...('polluted' in {} ? ['Object.prototype is polluted'] : []),
  ]);
  expect(found, what.slice(0, 200)).toEqual([]);
}
