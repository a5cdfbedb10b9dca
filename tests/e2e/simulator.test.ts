/** What a reader can do with a simulation: read it, run it, set it, play it, send it. */
import { readFileSync } from 'node:fs';
import type { BrowserContextOptions, Locator, Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import type { Outcome } from '../../src/simulator/run-scenario.ts';
import { scenarios, settingsOf, summaryOf } from '../scenarios/every-scenario.ts';
import { workerOf } from '../site/built-site.ts';
import { violations } from './axe-violations.ts';
import { useReader } from './reader.ts';

const reader = useReader();
const patient = { timeout: 20_000 };
const address = '/patterns/circuit-breaker/';
const figureOf = (page: Page): Locator => page.locator('pattern-simulator');
const time = (page: Page): Locator => page.getByRole('slider', { name: 'Time', exact: true });
const outcome = (page: Page): Promise<string> => page.locator('.sim-outcome p').innerText();
const said = (page: Page): Locator => page.locator('pattern-simulator [role="status"]');

async function openLive(at = address, options?: BrowserContextOptions): Promise<Page> {
  const page = await reader.open(at, options);
  await figureOf(page).scrollIntoViewIfNeeded();
  await page.locator('pattern-simulator[data-live]').waitFor();
  return page;
}

async function expectStatic(page: Page): Promise<void> {
  for (const selector of ['.sim-outcome p', '.sim-outcome li', '.sim-charts svg[role="img"] text', '.sim-controls li']) expect(await page.locator(selector).first().isVisible(), selector).toBe(true);
  expect(await page.locator('.sim-tries dd:visible').count()).toBe(await page.locator('.sim-tries dt').count());
  expect(await page.locator('.sim-player').evaluate((player) => player.getBoundingClientRect().height)).toBeLessThan(40);
}

describe('a simulation', () => {
  test('costs nothing before it is near, and then comes with one worker', async () => {
    const page = await reader.newPage();
    const scripts: string[] = [];
    page.context().on('request', (request) => { if (request.url().endsWith('.js')) scripts.push(new URL(request.url()).pathname); });
    await page.goto(address, { waitUntil: 'networkidle' });
    expect(scripts.filter((path) => /simulator|scenario/.test(path))).toEqual([]);
    await figureOf(page).scrollIntoViewIfNeeded();
    await page.locator('pattern-simulator[data-live]').waitFor();
    for (const part of ['pattern-simulator.', workerOf('circuit-breaker')]) expect(scripts.filter((path) => path.includes(part)), part).toHaveLength(1);
    expect(scripts.filter((path) => path.includes('scenario')), 'the worker, and what the page says').toHaveLength(2);
  });

  test.each(scenarios)('of $slug gives in this browser the recorded numbers, for everything to try', async ({ slug, scenario }) => {
    const page = await reader.open('/404.html');
    const golden = JSON.parse(readFileSync(new URL(`../scenarios/golden/${slug}.json`, import.meta.url), 'utf8')) as Record<string, unknown>;
    for (const each of scenario.tries) {
      const { durationMs, frameMs, variants } = scenario;
      const question = { id: 1, frame: { durationMs, frameMs, variants }, settings: settingsOf(scenario, each), seed: 1 };
      const reply = await page.evaluate(([path, asked]) => new Promise<{ outcome?: Outcome; failure?: string }>((resolve) => {
        const computing = new Worker(path, { type: 'module' });
        computing.addEventListener('message', ({ data }: MessageEvent<{ id: number; failure?: string }>) => {
          if (data.id === 0) return;
          computing.terminate();
          resolve(data);
        });
        computing.postMessage(asked);
      }), [workerOf(slug), question] as const);
      expect(reply.failure, `${slug}, ${each.id}`).toBeUndefined();
      expect(summaryOf(reply.outcome ?? {}), `${slug}, ${each.id}`).toEqual(golden[each.id]);
    }
  });

  test('stands there before the script as after it: what follows does not move', async () => {
    for (const width of [1280, 390, 320]) {
      const page = await reader.newPage({ viewport: { width, height: 800 } });
      let release = (): void => {};
      const held = new Promise<void>((resolve) => { release = resolve; });
      await page.route(/pattern-simulator\./, async (route) => {
        await held;
        await route.continue();
      });
      await page.goto(`${address}#try-it`, { waitUntil: 'load' });
      await page.evaluate(() => document.fonts.ready);
      const height = (): Promise<number> => figureOf(page).evaluate((figure) => Math.round(figure.getBoundingClientRect().height));
      const before = await height();
      release();
      await page.locator('pattern-simulator[data-live]').waitFor();
      expect(Math.abs(await height() - before), `${width} pixels: ${before} before`).toBeLessThanOrEqual(1);
      await page.context().close();
    }
  });

  test('says so in its place when it cannot be computed, and keeps what stands there', async () => {
    const page = await reader.newPage();
    await page.context().route(/_astro\/scenario/, (route) => route.abort());
    await page.goto(`${address}#try-it`);
    await page.locator('.sim-trouble').waitFor();
    expect(await page.locator('.sim-trouble').innerText()).toContain('could not be started');
    await expectStatic(page);
  });

  test('stands as without a script when the script does not come', async () => {
    const page = await reader.newPage();
    await page.route(/pattern-simulator\.[^/]*js/, (route) => route.abort());
    await page.goto(`${address}#try-it`);
    await page.locator('pattern-simulator[data-failed]').waitFor();
    await expectStatic(page);
  });

  test('of other code says whose it is, shows its failure, and comes back', async () => {
    const page = await openLive();
    const mine = await outcome(page);
    type Figure = HTMLElement & { useRunner: (run?: unknown, label?: string) => Promise<void>; outcome: Outcome; example: string; seed: number };
    const use = (fails: boolean): Promise<unknown> => figureOf(page).evaluate(async (element, broken) => {
      const figure = element as Figure;
      const same = structuredClone(figure.outcome);
      for (const recording of Object.values(same)) recording.totals['answered'] = 7;
      await figure.useRunner(async () => {
        if (broken) throw new TypeError('the edit is broken');
        return same;
      }, 'your edit');
      return [figure.example, figure.seed];
    }, fails);
    expect(await use(false)).toEqual(['circuit-breaker', 1]);
    expect(await outcome(page)).toContain('circuit breaker 7, no breaker 7');
    expect(await page.locator('.sim .kicker').innerText()).toMatch(/your edit/i);
    await use(true);
    expect(await page.locator('.sim-trouble').innerText()).toContain('the edit is broken');
    await figureOf(page).evaluate((element) => (element as Figure).useRunner());
    expect(await outcome(page)).toBe(mine);
    expect(await page.locator('.sim-trouble').count()).toBe(0);
    expect(await page.locator('.sim .kicker').innerText()).not.toMatch(/edit/i);
  });
});

describe('settings', () => {
  test('stand in the address, and the address brings the same run back', async () => {
    const page = await openLive();
    await page.getByLabel('How long').fill('5');
    await page.getByLabel('What payments does').selectOption('blips');
    await page.getByRole('button', { name: 'Other traffic' }).click();
    await page.waitForURL(/faultSeconds=5.*seed=2|seed=2.*faultSeconds=5/);
    const other = await openLive(new URL(page.url()).pathname + new URL(page.url()).search);
    await expect.poll(() => outcome(page), patient).toBe(await outcome(other));
    expect(await other.getByLabel('How long').inputValue()).toBe('5');
    expect(await other.getByLabel('Traffic number').inputValue()).toBe('2');
    await other.getByRole('button', { name: 'Reset settings' }).click();
    await other.waitForURL((url) => url.search === '');
    expect(await other.getByLabel('How long').inputValue()).toBe('20');
  });

  test('that make no sense fall back, with a sentence in place', async () => {
    const page = await openLive(`${address}?fault=meteor&checkouts=1e9&seed=-3&utm=x`);
    const notice = await page.locator('.sim-notice').innerText();
    for (const word of ['meteor', '1e9', '-3']) expect(notice).toContain(word);
    expect(await page.getByLabel('What payments does').inputValue()).toBe('hang');
    await page.getByLabel('How long').fill('4');
    await page.waitForURL((url) => url.search === '?utm=x&faultSeconds=4');
    expect(await page.locator('.sim-notice').count()).toBe(0);
  });

  test('to try are loaded, marked and explained, and the one that hurts says so', async () => {
    const page = await openLive();
    const before = await outcome(page);
    const hurting = page.getByRole('button', { name: /One shard.*hurts/ });
    await hurting.click();
    await expect.poll(() => outcome(page), patient).toContain('Here the pattern hurts');
    expect(await outcome(page)).not.toBe(before);
    expect(await hurting.getAttribute('aria-pressed')).toBe('true');
    expect(await page.locator('.sim-tries dd:visible').allInnerTexts()).toEqual([expect.stringContaining('partial outage')]);
    expect(page.url()).not.toContain('seed');
    await page.getByLabel('Opens at failures of').fill('80');
    await expect.poll(() => hurting.getAttribute('aria-pressed'), patient).toBe('false');
  });

  test('are copied as a link', async () => {
    const page = await openLive(`${address}?faultSeconds=3`, { permissions: ['clipboard-read', 'clipboard-write'] });
    await page.getByRole('button', { name: 'Copy link' }).click();
    await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toMatch(/circuit-breaker\/\?faultSeconds=3#try-it$/);
  });
});

describe('playback', () => {
  test('with the keyboard alone: play, pause, step, scrub', async () => {
    const page = await openLive();
    const scenes = (): Promise<string[]> => page.locator('.sim-scenes svg.sim-scene').evaluateAll((all) => all.map((each) => each.getAttribute('aria-label') ?? ''));
    await page.getByRole('button', { name: 'Back to the start' }).focus();
    await page.keyboard.press('Enter');
    expect(await time(page).inputValue()).toBe('0');
    expect((await scenes())[1]).toContain('Breaker closed');
    await page.getByRole('button', { name: 'One frame forward' }).focus();
    await page.keyboard.press('Space');
    await page.keyboard.press('Space');
    expect(await time(page).inputValue()).toBe('2');
    await page.getByRole('button', { name: 'One frame back' }).press('Enter');
    expect(await time(page).getAttribute('aria-valuetext')).toMatch(/^0\.5 s of 40 s\./);
    await time(page).focus();
    await page.keyboard.press('End');
    expect(await time(page).getAttribute('aria-valuetext')).toMatch(/^40 s of 40 s/);
    await page.keyboard.press('Home');
    await page.getByRole('button', { name: 'Play' }).press('Enter');
    await expect.poll(async () => Number(await time(page).inputValue()), patient).toBeGreaterThan(2);
    expect(await page.locator('.sim-dots circle').count()).toBeGreaterThan(0);
    await page.getByRole('button', { name: 'Pause' }).press('Enter');
    const stopped = await time(page).inputValue();
    await page.waitForTimeout(400);
    expect(await time(page).inputValue()).toBe(stopped);
  });

  test('shows the failure: at the same moment all workers are stuck without, and free with the pattern', async () => {
    const page = await openLive();
    await time(page).fill('44');
    const [without, withIt] = await page.locator('svg.sim-scene').evaluateAll((all) => all.map((each) => each.getAttribute('aria-label')));
    expect(without).toContain('no breaker at 22 s');
    expect(without).toContain('Orders 20 of 20; Payments hanging');
    expect(withIt).not.toContain('20 of 20');
    expect(await time(page).getAttribute('aria-valuetext')).toContain('Payments: hanging');
  });

  test('stops when the figure leaves the screen, and never starts by itself', async () => {
    const page = await openLive();
    const start = await time(page).inputValue();
    await page.waitForTimeout(400);
    expect(await time(page).inputValue()).toBe(start);
    await page.getByRole('button', { name: 'Play' }).click();
    await page.evaluate(() => scrollTo({ top: 0, behavior: 'instant' }));
    await expect.poll(() => page.locator('.sim-play').innerText(), patient).toBe('Play');
    const stopped = await time(page).inputValue();
    await figureOf(page).scrollIntoViewIfNeeded();
    await page.waitForTimeout(400);
    expect(await time(page).inputValue()).toBe(stopped);
  });

  test('for a reader who asked for less motion is the end of the run, and steps', async () => {
    const page = await openLive(address, { reducedMotion: 'reduce' });
    expect(await time(page).inputValue()).toBe('80');
    expect(await page.getByRole('button', { name: 'Play' }).count()).toBe(0);
    await page.getByRole('button', { name: 'One frame back' }).click();
    expect(await time(page).inputValue()).toBe('79');
  });
});

describe('a voice', () => {
  test('says what came out after a run that the reader asked for, once, and not on arrival', async () => {
    const page = await openLive();
    await page.waitForTimeout(900);
    expect(await said(page).innerText()).toBe('');
    await said(page).evaluate((region) => {
      const store = window as unknown as { spoken: string[] };
      store.spoken = [];
      new MutationObserver(() => store.spoken.push(region.textContent ?? '')).observe(region, { childList: true, characterData: true, subtree: true });
    });
    for (const value of ['10', '11', '12', '13']) await page.getByLabel('How long').fill(value);
    await page.waitForTimeout(1_500);
    const spoken = await page.evaluate(() => (window as unknown as { spoken: string[] }).spoken);
    expect(spoken).toEqual([await outcome(page)]);
    await page.getByRole('button', { name: /One shard/ }).click();
    await expect.poll(() => said(page).innerText(), patient).toMatch(/partial outage.*Here the pattern hurts/);
  });

  test('does not speak for each frame while it plays', async () => {
    const page = await openLive();
    await said(page).evaluate((region) => {
      const store = window as unknown as { spoken: number };
      store.spoken = 0;
      new MutationObserver(() => { store.spoken += 1; }).observe(region, { childList: true });
    });
    await page.getByRole('button', { name: 'Play' }).click();
    await page.waitForTimeout(2_500);
    expect(await page.evaluate(() => (window as unknown as { spoken: number }).spoken)).toBeLessThanOrEqual(1);
  });
});

describe('everybody', () => {
  test('reads the default run without a script: words, charts, table, and what to try', async () => {
    const page = await reader.open(address, { javaScriptEnabled: false });
    await expectStatic(page);
    expect(await page.locator('.sim-tries').innerText()).toContain('(it hurts)');
    expect(await page.locator('.sim-table tbody tr').count()).toBeGreaterThan(8);
    expect(await page.locator('.sim button').count()).toBe(0);
  });

  for (const [colorScheme, width] of [['light', 1280], ['dark', 1280], ['light', 320], ['dark', 320]] as const) {
    test(`axe finds nothing in a live figure, the table open: ${colorScheme}, ${width} pixels, nothing to scroll sideways`, async () => {
      const page = await openLive(address, { colorScheme, viewport: { width, height: 900 } });
      await page.locator('.sim-table summary').click();
      expect(await violations(page)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    });
  }

  test('axe finds nothing in a live figure with forced colours', async () => {
    const forced = await openLive(address, { forcedColors: 'active' });
    // The system sets the colours; axe would take them from -webkit-text-fill-color, which Chromium reports unforced.
    expect((await violations(forced)).filter((violation) => !violation.includes(': color-contrast:'))).toEqual([]);
  });

  test('can hit every control: 24 pixels', async () => {
    const page = await openLive(address, { viewport: { width: 320, height: 800 } });
    const small = await page.locator('pattern-simulator :is(button, select, input, summary)').evaluateAll((all) => all.flatMap((each) => {
      const { width, height } = each.getBoundingClientRect();
      return Math.min(width, height) < 24 ? [`${each.outerHTML.slice(0, 80)}: ${width} × ${height}`] : [];
    }));
    expect(small).toEqual([]);
  });

  test('prints the figure of a guide and not its controls; a pattern says that it stands at its address', async () => {
    const pattern = await openLive();
    await pattern.emulateMedia({ media: 'print' });
    expect(await figureOf(pattern).isVisible()).toBe(false);
    expect(await pattern.locator('.sl-markdown-content').evaluate((text) => getComputedStyle(text, '::after').content)).toContain('Not on paper');
    const page = await openLive('/guides/one-slow-service/');
    await page.emulateMedia({ media: 'print' });
    for (const selector of ['.sim-player', '.sim-controls', '.sim-actions']) expect(await page.locator(selector).isVisible(), selector).toBe(false);
    expect(await page.locator('.sim-charts svg > text.sim-with').first().isVisible()).toBe(true);
    expect(await page.locator('.sim-outcome p').isVisible()).toBe(true);
  });
});

describe('the first page', () => {
  test('shows the scene at once, and plays it after a press; nothing comes before', async () => {
    const page = await reader.newPage();
    const scripts: string[] = [];
    page.on('request', (request) => scripts.push(request.url()));
    await page.goto('/', { waitUntil: 'networkidle' });
    expect(await page.locator('svg.sim-scene').count()).toBe(2);
    expect(scripts.filter((url) => /simulator|scenario/.test(url))).toEqual([]);
    const before = await figureOf(page).evaluate((figure) => Math.round(figure.getBoundingClientRect().height));
    await figureOf(page).getByRole('button', { name: 'Play' }).click();
    await expect.poll(() => page.evaluate(() => Number(document.querySelector<HTMLInputElement>('.sim-scrub')?.value ?? 0)), patient).toBeGreaterThan(1);
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Pause');
    expect(await figureOf(page).evaluate((figure) => Math.round(figure.getBoundingClientRect().height))).toBe(before);
    expect(new URL(page.url()).search).toBe('');
    await page.getByRole('link', { name: /read the code that runs/ }).click();
    await page.waitForURL(/\/patterns\/circuit-breaker\/#try-it$/);
  });

  test('steps through it when there shall be no motion', async () => {
    const page = await reader.open('/', { reducedMotion: 'reduce' });
    await figureOf(page).getByRole('button', { name: 'Step through it' }).click();
    await page.locator('pattern-simulator[data-live]').waitFor();
    expect(await time(page).inputValue()).toBe('80');
    expect(await figureOf(page).getByRole('button', { name: 'Play' }).count()).toBe(0);
  });
});
