/** How long a page takes to answer a reader, on a processor a quarter as fast: Event Timing, from the press of a key to the picture. */
import type { Browser, Page } from 'playwright-core';

export interface Interaction { name: string; durationsMs: number[] }
export interface FirstAnswer { coldMs: number; openedMs: number; warmMs: number }

const slowdown = 4;
const question = 'customers are charged twice when the client retries';

export async function typing(browser: Browser, origin: string): Promise<Interaction> {
  const page = await slowPage(browser);
  await page.goto(`${origin}/find/`, { waitUntil: 'networkidle' });
  await page.locator('form[action="/find/"] [name="q"]').click();
  await page.keyboard.type(question, { delay: 80 });
  await page.locator('.finder-answer a').first().waitFor();
  return { name: `typing "${question}" in the finder`, durationsMs: await durations(page) };
}

/** By keys, and by pressing its track at several places. */
export async function sliding(browser: Browser, origin: string): Promise<Interaction> {
  const page = await slowPage(browser);
  await page.goto(`${origin}/patterns/circuit-breaker/`, { waitUntil: 'networkidle' });
  await page.locator('pattern-simulator').scrollIntoViewIfNeeded();
  const slider = page.locator('pattern-simulator input[type="range"]').first();
  await slider.waitFor();
  await slider.scrollIntoViewIfNeeded();
  await page.waitForTimeout(1500);
  await slider.focus();
  for (let step = 0; step < 10; step++) {
    await page.keyboard.press('ArrowRight');
    await page.waitForTimeout(150);
  }
  const box = await slider.boundingBox();
  if (box === null) throw new Error('the slider of the simulator is not shown');
  for (const share of [0.2, 0.5, 0.8, 0.4]) {
    await page.mouse.click(box.x + box.width * share, box.y + box.height / 2, { delay: 60 });
    await page.waitForTimeout(300);
  }
  return { name: 'moving the first slider of the circuit breaker', durationsMs: await durations(page) };
}

/**
 * From a key to the first answer on a slow line (1.6 Mbit/s, 150 ms): pressed as soon as the box has the focus, when nothing has been
 * fetched yet; two seconds after that; and when an answer is there already.
 */
export async function firstAnswer(browser: Browser, origin: string): Promise<FirstAnswer> {
  const page = await finderOnSlowLine(browser, origin);
  const coldMs = await answeredMs(page, question, 0);
  await page.waitForTimeout(3000);
  const warmMs = await answeredMs(page, 'one slow service takes the others down', 0);
  await page.context().close();
  const opened = await finderOnSlowLine(browser, origin);
  const openedMs = await answeredMs(opened, question, 2000);
  await opened.context().close();
  return { coldMs, openedMs, warmMs };
}

async function finderOnSlowLine(browser: Browser, origin: string): Promise<Page> {
  const page = await slowPage(browser);
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Network.enable');
  await devtools.send('Network.emulateNetworkConditions', { offline: false, latency: 150, downloadThroughput: 200_000, uploadThroughput: 90_000 });
  await page.goto(`${origin}/find/`, { waitUntil: 'networkidle' });
  await page.evaluate(() => {
    const store = window as unknown as { answeredMs: Promise<number> };
    const answer = document.querySelector('.finder-answer');
    document.addEventListener('keydown', ({ timeStamp }) => {
      store.answeredMs = new Promise((resolve) => {
        const observer = new MutationObserver(() => {
          if (answer?.querySelector('a') === null) return;
          observer.disconnect();
          resolve(performance.now() - timeStamp);
        });
        if (answer !== null) observer.observe(answer, { childList: true, subtree: true, characterData: true });
      });
    }, { capture: true });
  });
  return page;
}

/** The last letter of a question is pressed: with the first one nothing is found yet. */
async function answeredMs(page: Page, asked: string, waitMs: number): Promise<number> {
  const box = page.locator('form[action="/find/"] [name="q"]');
  const fill = (): Promise<void> => box.evaluate((input: HTMLInputElement, said) => { input.value = said; }, asked.slice(0, -1));
  if (waitMs === 0) await fill();
  await box.focus();
  if (waitMs > 0) await page.waitForTimeout(waitMs).then(fill);
  await page.keyboard.press(asked.slice(-1));
  return page.evaluate(() => (window as unknown as { answeredMs: Promise<number> }).answeredMs);
}

async function slowPage(browser: Browser): Promise<Page> {
  const page = await (await browser.newContext({ viewport: { width: 412, height: 823 } })).newPage();
  await page.addInitScript(() => {
    const store = window as unknown as { interactions: [number, number][] };
    store.interactions = [];
    new PerformanceObserver((list) => {
      for (const { interactionId, duration } of list.getEntries() as (PerformanceEntry & { interactionId: number })[]) if (interactionId > 0) store.interactions.push([interactionId, duration]);
    }).observe({ type: 'event', buffered: true, durationThreshold: 16 } as PerformanceObserverInit);
  });
  await (await page.context().newCDPSession(page)).send('Emulation.setCPUThrottlingRate', { rate: slowdown });
  return page;
}

/** One an interaction, the longest of its events; what took less than 16 ms is not told by the browser. */
async function durations(page: Page): Promise<number[]> {
  await page.waitForTimeout(500);
  const told = await page.evaluate(() => (window as unknown as { interactions: [number, number][] }).interactions);
  await page.context().close();
  const longest = new Map<number, number>();
  for (const [id, duration] of told) longest.set(id, Math.max(duration, longest.get(id) ?? 0));
  return [...longest.values()];
}
