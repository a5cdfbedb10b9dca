/** A reader changes the code of an example and runs it. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { editorKilobytes } from '../../src/elements/editor-size.ts';
import { root } from '../architecture/repository.ts';
import { violations } from './axe-violations.ts';
import { useReader } from './reader.ts';

const reader = useReader();
const page = '/patterns/circuit-breaker/';
const source = readFileSync(`${root}src/examples/circuit-breaker/circuit-breaker.ts`, 'utf8');
const spot = 'const nowMs = clock.now();';
const spotLine = source.slice(0, source.indexOf(spot)).split('\n').length;

describe('edit and run', () => {
  test('nothing of the editor is loaded before the click, and the click costs what the button says', async () => {
    const opened = await reader.newPage();
    const sizes = new Map<string, Promise<number>>();
    const transferred = async (): Promise<number> => (await Promise.all(sizes.values())).reduce((sum, bytes) => sum + bytes, 0);
    opened.on('response', (response) => { if (response.url().startsWith('http')) sizes.set(response.url(), response.body().then((body) => gzipSync(body).length, () => 0)); });
    await opened.goto(page);
    await wakeSimulator(opened);
    await opened.waitForLoadState('networkidle');
    const [before, already] = [await transferred(), [...sizes.keys()]];
    expect(already.filter((address) => /editor|sandbox|\.json$/.test(address))).toEqual([]);
    await openEditor(opened);
    // The first run loads the page of the sandbox.
    await run(opened);
    const list = [...sizes.keys()].filter((address) => !already.includes(address)).join('\n');
    expect(Math.abs((await transferred() - before) / 1000 / editorKilobytes - 1), `${(await transferred() - before) / 1000} KB\n${list}`).toBeLessThanOrEqual(0.1);
  });

  test('the code as it is gives the outcome as it is, a broken one another, and the way back leads back', async () => {
    const opened = await openPage();
    const untouched = await outcome(opened);
    expect(await run(opened)).toMatch(/has run/);
    expect(await outcome(opened)).toBe(untouched);
    await type(opened, source.replace("verdict === 'failed' && tripped", 'false'));
    expect(await run(opened)).toMatch(/has run/);
    expect(await outcome(opened)).not.toBe(untouched);
    expect(await opened.locator('pattern-simulator .kicker').first().textContent()).toContain('your edit');
    await opened.getByRole('button', { name: 'Back to the page’s code' }).click();
    await expect.poll(() => outcome(opened)).toBe(untouched);
    expect(await opened.locator('.cm-content').textContent()).toContain('&& tripped');
    expect(new URL(opened.url()).search).toBe('');
  });

  test('a slider moves the edited code too', async () => {
    const opened = await openPage();
    await type(opened, source.replace("verdict === 'failed' && tripped", 'false'));
    await run(opened);
    const edited = await outcome(opened);
    const slider = opened.locator('pattern-simulator input[type=range]:not(.sim-scrub)').first();
    await slider.press('ArrowLeft');
    await expect.poll(() => outcome(opened), { timeout: 15_000 }).not.toBe(edited);
    expect(await opened.locator('pattern-simulator .kicker').first().textContent()).toContain('your edit');
    expect(await outcome(opened)).toContain('no difference');
  });

  test('the draft survives closing, for this page alone', async () => {
    const opened = await openPage();
    await type(opened, source.replace(spot, `${spot} // mine`));
    await opened.getByRole('button', { name: 'Close' }).click();
    expect(await opened.locator('.example-editor').count()).toBe(0);
    expect(await opened.evaluate(() => document.activeElement?.textContent)).toContain('Edit the code');
    await openEditor(opened);
    expect(await codeOf(opened)).toContain('// mine');
    await opened.reload();
    await wakeSimulator(opened);
    await openEditor(opened);
    expect(await codeOf(opened)).not.toContain('// mine');
  });

  test('what was changed is downloaded', async () => {
    const opened = await openPage();
    await type(opened, source.replace(spot, `${spot} // mine`));
    const [download] = await Promise.all([opened.waitForEvent('download'), opened.getByRole('button', { name: 'Download my version' }).click()]);
    expect(download.suggestedFilename()).toBe('circuit-breaker.ts');
    expect(readFileSync(await download.path(), 'utf8')).toBe(source.replace(spot, `${spot} // mine`));
  });
});

describe('what is wrong is said, with its place', () => {
  const mistakes: [name: string, text: string, column: number, message: RegExp][] = [
    ['a mistake in the syntax', 'const nowMs = = clock.now();', 19, /Unexpected token$/],
    ['what the engine refuses', 'const nowMs = clock.now(); let nowMs = 1;', 36, /'nowMs' has already been declared$/],
    ['an error while it runs, whoever catches it', 'const nowMs = clock.now(); (nowMs as unknown as { foo: { bar: 1 } }).foo.bar;', 78, /TypeError: Cannot read properties of undefined \(reading 'bar'\)$/],
    ['a rejection that nobody handles', "const nowMs = clock.now(); void Promise.reject(new Error('nobody'));", 52, /Error: nobody$/],
    ['a way to the network', "const nowMs = clock.now(); fetch('/x');", 32, /fetch does not exist here/],
  ];
  test.each(mistakes)('%s', async (_, text, column, message) => {
    const opened = await openPage();
    const untouched = await outcome(opened);
    await type(opened, source.replace(spot, text));
    const said = await run(opened);
    expect(said).toMatch(new RegExp(`^circuit-breaker\\.ts, line ${spotLine}, column ${column}: `));
    expect(said).toMatch(message);
    expect(await opened.locator('.cm-lintRange-error').count()).toBe(1);
    expect(await outcome(opened)).toBe(untouched);
    await opened.getByRole('button', { name: /^circuit-breaker\.ts, line/ }).click();
    expect(await opened.evaluate(() => document.querySelector('.example-editor')?.shadowRoot?.activeElement?.className)).toContain('cm-content');
  });

  test('an import that leads nowhere, in another file', async () => {
    const opened = await openPage();
    await choose(opened, 'contract.ts');
    await type(opened, `import type { Clock } from '../clock.ts';\nimport { x } from './nowhere.ts';\n${readFileSync(`${root}src/examples/circuit-breaker/contract.ts`, 'utf8').split('\n').slice(1).join('\n')}\nexport const y = x;\n`);
    await choose(opened, 'circuit-breaker.ts');
    expect(await run(opened)).toMatch(/^contract\.ts, line 2, column 19: ".\/nowhere\.ts" leads to no module; there are "\.\/circuit-breaker\.ts", /);
    expect(await opened.locator('.example-editor select').inputValue()).toContain('contract.ts');
  });

  test.each([
    ['a loop', 'for (;;) {}'],
    ['a chain of promises', 'const again = (): Promise<void> => Promise.resolve().then(again); void again();'],
    ['timers of 0 ms', 'const again = (): void => void clock.setTimeout(again, 0); again();'],
  ])('%s without end is stopped, and the editor goes on', async (_, text) => {
    const opened = await openPage();
    await type(opened, source.replace(spot, `${spot} ${text}`));
    expect(await run(opened)).toMatch(/^stopped after 5 s: |SimulationStuckError: /);
    await type(opened, source);
    expect(await run(opened)).toMatch(/has run/);
  });
});

describe('nothing of the sandbox gets into the page but data', () => {
  test('a state that is HTML is shown as text', async () => {
    const opened = await openPage();
    await type(opened, source.replace("{ type: 'state', from, to: era.state }", "{ type: 'state', from, to: '<img src=x onerror=alert(1)>' as 'open' }"));
    expect(await run(opened)).toMatch(/has run/);
    await opened.locator('pattern-simulator .sim-table summary').click();
    await opened.locator('pattern-simulator .sim-scrub').press('End');
    expect(await opened.locator('pattern-simulator').textContent()).toContain('<img src=x');
    expect(await opened.locator('pattern-simulator img').count()).toBe(0);
  });

  test('the page needs no permission for it: under a policy without eval and without styles that a script writes', async () => {
    const opened = await reader.newPage();
    await opened.route(page, async (route) => {
      const response = await route.fetch();
      const html = await response.text();
      const hashes = (tag: string): string => [...html.matchAll(new RegExp(`<${tag}\\b[^>]*>([\\s\\S]*?)</${tag}>`, 'g'))].map(([, text = '']) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`).join(' ');
      const policy = `default-src 'none'; script-src 'self' ${hashes('script')}; style-src-elem 'self' ${hashes('style')}; style-src-attr 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; worker-src 'self'; frame-src 'self'`;
      await route.fulfill({ response, headers: { ...response.headers(), 'content-security-policy': policy } });
    });
    expect((await opened.goto(page))?.headers()['content-security-policy']).toContain("script-src 'self' 'sha256-");
    await wakeSimulator(opened);
    await openEditor(opened);
    expect(await run(opened)).toMatch(/has run/);
    expect(await opened.locator('.cm-scroller').evaluate((element) => getComputedStyle(element).display), 'CodeMirror has its styles').toBe('flex');
  });

  test('a result that is no number is refused in words', async () => {
    const opened = await openPage();
    await choose(opened, 'clock.ts');
    expect(await opened.locator('.cm-content').getAttribute('aria-label')).toContain('read only');
    await choose(opened, 'circuit-breaker.ts');
    await type(opened, `Object.prototype.constructor.prototype.toJSON = 1;\nArray.prototype.reduce = (() => NaN) as never;\n${source}`);
    expect(await run(opened)).toMatch(/^The result cannot be shown: /);
  });

  test('names that lead out are not there, and what is printed is shown', async () => {
    const opened = await openPage();
    const names = ['fetch', 'XMLHttpRequest', 'WebSocket', 'WebTransport', 'EventSource', 'indexedDB', 'caches', 'importScripts', 'BroadcastChannel', 'Worker', 'postMessage', 'close', 'navigator', 'location', 'setTimeout', 'setInterval', 'WebAssembly', 'reportError', 'requestAnimationFrame', 'cookieStore', 'FileReaderSync', 'Notification', 'Image', 'document'];
    await type(opened, `console.log(${JSON.stringify(names)}.filter((name) => name in globalThis).join(), 'of', ${names.length});\n${source}`);
    await run(opened);
    expect(await opened.locator('.example-editor pre').textContent()).toBe(` of ${names.length}`);
  });
});

describe('by keyboard, and for everybody', () => {
  test('open, change, leave the code, run, go to the mark', async () => {
    const opened = await reader.open(page);
    await wakeSimulator(opened);
    await opened.getByRole('button', { name: /^Edit the code/ }).focus();
    await opened.keyboard.press('Enter');
    await opened.locator('.cm-content').waitFor();
    expect(await focused(opened)).toContain('cm-content');
    await opened.keyboard.press('Control+Home');
    await opened.keyboard.type('oops = ;');
    await opened.keyboard.press('Tab');
    expect(await focused(opened), 'Tab indents').toContain('cm-content');
    await opened.keyboard.press('Escape');
    await opened.keyboard.press('Tab');
    expect(await focused(opened)).toContain('run');
    await opened.keyboard.press('Enter');
    await opened.locator('.example-editor .wrong').waitFor();
    expect(await focused(opened), 'the focus stays').toContain('run');
    for (let at = 0; at < 3; at++) await opened.keyboard.press('Tab');
    await opened.keyboard.press('Enter');
    expect(await focused(opened)).toContain('cm-content');
  });

  test('axe finds nothing: both themes, 1280 and 320 pixels, with a mistake and what was printed', async () => {
    const found: string[] = [];
    for (const colorScheme of ['light', 'dark'] as const) {
      for (const width of [1280, 320]) {
        const opened = await openPage({ colorScheme, viewport: { width, height: 900 }, reducedMotion: 'reduce' });
        await type(opened, source.replace(spot, `${spot} console.log(nowMs); nowMs();`));
        await run(opened);
        found.push(...(await violations(opened)).map((violation) => `${colorScheme}, ${width}: ${violation}`));
        expect(await opened.evaluate(() => document.documentElement.scrollWidth), `${width}`).toBeLessThanOrEqual(width);
        await opened.context().close();
      }
    }
    expect(found).toEqual([]);
  }, 240_000);
});

type Options = Parameters<typeof reader.open>[1];

async function openPage(options?: Options): Promise<Page> {
  const opened = await reader.open(page, options);
  await wakeSimulator(opened);
  await openEditor(opened);
  return opened;
}

async function wakeSimulator(opened: Page): Promise<void> {
  await opened.locator('pattern-simulator').scrollIntoViewIfNeeded();
  await opened.locator('pattern-simulator[data-live]').waitFor();
}

async function openEditor(opened: Page): Promise<void> {
  await opened.getByRole('button', { name: /^Edit the code/ }).click();
  await opened.locator('.cm-content').waitFor();
}

async function type(opened: Page, text: string): Promise<void> {
  await opened.locator('.cm-content').fill(text);
}

async function choose(opened: Page, name: string): Promise<void> {
  await opened.locator('.example-editor select').selectOption({ value: `src/examples/${name === 'clock.ts' ? '' : 'circuit-breaker/'}${name}` });
}

/** @returns what the editor says of it */
async function run(opened: Page): Promise<string> {
  await opened.getByRole('button', { name: 'Run', exact: true }).click();
  const status = opened.locator('.example-editor [role=status]:not(:empty)').filter({ hasNotText: 'Running' });
  await status.waitFor();
  return await status.textContent() ?? '';
}

async function outcome(opened: Page): Promise<string> {
  return await opened.locator('pattern-simulator .sim-outcome p').first().textContent() ?? '';
}

/** The file as it is downloaded; the page shows only the lines in sight. */
async function codeOf(opened: Page): Promise<string> {
  const [download] = await Promise.all([opened.waitForEvent('download'), opened.getByRole('button', { name: 'Download my version' }).click()]);
  return readFileSync(await download.path(), 'utf8');
}

function focused(opened: Page): Promise<string> {
  return opened.evaluate(() => {
    const active = document.activeElement;
    return (active?.shadowRoot?.activeElement ?? active)?.className ?? '';
  });
}
