/** Four readers without a mouse, wide and on a phone: what they press, where they arrive, what a screen reader says. */
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { useReader } from './reader.ts';

const reader = useReader();
const phone = { viewport: { width: 390, height: 844 } };

describe('an incident', () => {
  test('typed, answered by a question, and open at the right page', () => incident({}));
  test('the same on a phone', () => incident(phone));
});

describe('a design choice', () => {
  test('weighed with a force that must hold, and taken along as a decision record', () => designChoice({}));
  test('the same on a phone', () => designChoice(phone));
});

describe('a name half remembered', () => {
  test('is found in the palette in spite of a typing error', () => halfRemembered({}));
  test('the same on a phone', () => halfRemembered(phone));
});

describe('nothing fits', () => {
  test('is said, with the closest and a report that holds the words', () => nothingFits({}));
  test('the same on a phone', () => nothingFits(phone));
});

async function incident(options: object): Promise<void> {
  const page = await reader.open('/find/', options);
  await page.keyboard.press('/');
  await page.keyboard.type('a customer was charged twice after a timeout');
  await heard(page, /^\d patterns?; first: Idempotency Key\. One question would help\.$/);
  await page.locator('.question-card').waitFor();
  await tabTo(page, () => document.activeElement?.closest('.question-card') !== null && document.activeElement?.tagName === 'BUTTON');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.waitForURL(/[?&](no|not)=/);
  await heard(page, /first: Idempotency Key/);
  // After the answer the focus is where the reader goes on.
  expect(await page.evaluate(() => document.activeElement?.closest('.finder-panel') !== null)).toBe(true);
  await page.keyboard.press('/');
  await page.keyboard.press('ArrowDown');
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Idempotency Key');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/patterns/idempotency-key/');
}

async function designChoice(options: object): Promise<void> {
  const page = await reader.open('/find/', options);
  await page.keyboard.press('/');
  await page.keyboard.type('should we write the row first or publish the event first, when a crash may come between the two');
  await heard(page, /^\d patterns?; first: Transactional Outbox\./);
  await page.locator('.panel-forces').waitFor();
  await tabTo(page, () => document.activeElement?.matches('.more-forces summary') === true);
  await page.keyboard.press('Enter');
  await tabTo(page, () => (document.activeElement as HTMLInputElement | null)?.name === 'relational-database');
  // Radio buttons: the last one, "Don't know", is chosen; arrows move the choice.
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('ArrowUp');
  await page.waitForURL(/[?&]must=relational-database/);
  await heard(page, /first: Transactional Outbox\./);
  await tabTo(page, () => document.activeElement?.textContent === 'Start a decision record', true);
  await page.keyboard.press('Enter');
  await page.locator('dialog.record textarea').waitFor();
  expect(await page.locator('dialog.record textarea').inputValue()).toContain('The service has a database with local transactions (must hold)');
  await page.keyboard.press('Escape');
  await page.locator('dialog[open]').waitFor({ state: 'detached' });
}

async function halfRemembered(options: object): Promise<void> {
  const page = await reader.open('/patterns/', options);
  await page.keyboard.press('Control+k');
  await page.keyboard.type('circut braker');
  await page.locator('.palette-catalogue a', { hasText: 'Circuit Breaker' }).waitFor();
  await page.waitForFunction(() => /\d in the catalogue/.test(document.querySelector('dialog[open] [role="status"]')?.textContent ?? ''));
  await page.keyboard.press('ArrowDown');
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Circuit Breaker');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/patterns/circuit-breaker/');
}

async function nothingFits(options: object): Promise<void> {
  const page = await reader.open('/find/', options);
  await page.keyboard.press('/');
  await page.keyboard.type('my cat does not eat <b>fish</b>');
  await heard(page, /^Nothing fits/);
  expect(await page.locator('.finding').count()).toBeLessThanOrEqual(3);
  await tabTo(page, () => document.activeElement?.textContent === 'report that your symptom is missing');
  const address = new URL(await page.evaluate(() => (document.activeElement as HTMLAnchorElement).href));
  expect(address.searchParams.get('template')).toBe('symptom.yml');
  expect(address.searchParams.get('symptom')).toBe('my cat does not eat <b>fish</b>');
  expect(await page.locator('.problem-index').isVisible()).toBe(true);
}

/** What the live region says once the reader pauses. */
async function heard(page: Page, words: RegExp): Promise<void> {
  await page.waitForFunction(({ source }) => new RegExp(source).test(document.querySelector('problem-finder [role="status"]')?.textContent ?? ''), { source: words.source }, { timeout: 5_000 })
    .catch(async () => expect(await page.locator('problem-finder [role="status"]').first().textContent()).toMatch(words));
}

async function tabTo(page: Page, there: () => boolean, backwards = false): Promise<void> {
  for (let stop = 0; stop < 80; stop += 1) {
    if (await page.evaluate(there)) return;
    await page.keyboard.press(backwards ? 'Shift+Tab' : 'Tab');
  }
  expect(await page.evaluate(() => document.activeElement?.outerHTML.slice(0, 200)), `Tab does not lead to ${there}`).toBe('');
}
