/** Links to claims, and what is said at an address that leads nowhere. */
import { describe, expect, test } from 'vitest';
import { useReader } from './reader.ts';

const reader = useReader();

describe('a claim', () => {
  test('shows its link under the mouse and to the keyboard, and the link leads to it', async () => {
    const page = await reader.open('/patterns/saga/');
    const claim = page.locator('#silence-is-read-as-no');
    const link = claim.locator('a.claim');
    const opacity = (): Promise<string> => link.evaluate((element) => getComputedStyle(element).opacity);
    expect(await opacity()).toBe('0');
    await claim.hover();
    expect(await opacity()).toBe('1');
    await page.mouse.move(0, 0);
    await link.focus();
    expect(await opacity()).toBe('1');
    await page.keyboard.press('Enter');
    expect(new URL(page.url()).hash).toBe('#silence-is-read-as-no');
    expect(await claim.evaluate((element) => element.matches(':target'))).toBe(true);
  });
});

describe('an address that leads nowhere', () => {
  test('names the page that was meant, and the versions that are', async () => {
    const page = await reader.open('/patterns/circiut-breaker/');
    const guess = page.locator('nearest-pages a').first();
    await guess.waitFor();
    expect(await guess.textContent()).toBe('Circuit Breaker');
    await guess.click();
    await page.waitForURL('**/patterns/circuit-breaker/');
    await page.goto('/patterns/saga/99.0/');
    const words = page.locator('nearest-pages p');
    await words.waitFor();
    expect(await words.textContent()).toMatch(/^“Saga” has no version 99\.0\. There is version \d+\.\d+.*; the latest is always at Saga\.$/);
  });

  test('lists what there is without a script', async () => {
    const page = await reader.newPage({ javaScriptEnabled: false });
    await page.goto('/patterns/circiut-breaker/');
    expect(await page.locator('main a[href="/patterns/"]').count()).toBeGreaterThan(0);
  });
});
