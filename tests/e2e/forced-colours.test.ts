/** With the colours of the system, what is chosen, what has the focus and what is drawn is still told apart: by what is painted, not by what a style says. */
import type { Locator, Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { useReader } from './reader.ts';

const reader = useReader();
const patient = { timeout: 20_000 };

describe.each(['light', 'dark'] as const)('on a system that is %s', (colorScheme) => {
  const open = async (address: string): Promise<Page> => {
    const page = await reader.newPage({ forcedColors: 'active', colorScheme, reducedMotion: 'reduce' });
    await page.goto(address);
    return page;
  };

  test('what is chosen looks chosen, and has a ring of its own when the focus is there', async () => {
    for (const [address, chip] of [['/map/', '.map-filters .chip:has([name="relation"]) >> nth=1'], ['/patterns/', '.filters .chip >> nth=1'], ['/find/?q=customers%20are%20charged%20twice', '.pills label.chip >> nth=0']] as const) {
      const page = await open(address);
      const label = page.locator(chip);
      await label.scrollIntoViewIfNeeded();
      const free = await painted(page, label);
      const input = label.locator('input');
      // By keyboard: a pointer leaves no ring.
      await page.keyboard.press('Tab');
      await input.focus();
      expect((await painted(page, label)).equals(free), `${address}: focus`).toBe(false);
      await input.press(' ');
      await expect.poll(() => input.isChecked(), { ...patient, message: address }).toBe(true);
      const ringed = await painted(page, label);
      await input.blur();
      const chosen = await painted(page, label);
      expect(chosen.equals(free), `${address}: chosen`).toBe(false);
      expect(ringed.equals(chosen), `${address}: focus on what is chosen`).toBe(false);
      await page.context().close();
    }
  });

  test('so does what is pressed', async () => {
    const page = await open('/patterns/saga/');
    const figure = page.locator('pattern-simulator');
    await figure.scrollIntoViewIfNeeded();
    for (const button of [page.locator('reading-level button').nth(1), figure.locator('.sim-tries button').nth(1)]) {
      await button.waitFor();
      await button.scrollIntoViewIfNeeded();
      const free = await painted(page, button);
      await button.press('Enter');
      await expect.poll(() => button.getAttribute('aria-pressed'), patient).toBe('true');
      await button.scrollIntoViewIfNeeded();
      const ringed = await painted(page, button);
      await button.blur();
      const pressed = await painted(page, button);
      expect(pressed.equals(free)).toBe(false);
      expect(ringed.equals(pressed)).toBe(false);
      await page.locator('reading-level button').last().press('Enter');
    }
  });

  test('the mark of a heading is painted when a pointer is on it', async () => {
    const page = await open('/patterns/saga/');
    const mark = page.locator('main .sl-anchor-link').first();
    await mark.scrollIntoViewIfNeeded();
    await page.mouse.move(0, 0);
    const free = await painted(page, mark, 0);
    await page.locator('main .sl-heading-wrapper h2').first().hover();
    expect((await painted(page, mark, 0)).equals(free)).toBe(false);
  });

  test('lines and marks have a colour that is not that of the ground', async () => {
    const figure = async (address: string, selector: string): Promise<void> => {
      const page = await open(address);
      await page.locator(selector).first().scrollIntoViewIfNeeded();
      await page.waitForLoadState('networkidle');
      const counts = await page.evaluate((of) => {
        const ground = document.createElement('i');
        ground.style.cssText = 'color: Canvas; forced-color-adjust: none';
        document.body.append(ground);
        const canvas = getComputedStyle(ground).color;
        // A gap is a line of the ground, over another.
        const lines = [...document.querySelectorAll(`${of} :is(path, line, polyline):not(.sim-gap, .sim-grid)`)].filter((each) => each.checkVisibility() && getComputedStyle(each).stroke !== 'none' && getComputedStyle(each).fill === 'none');
        return { all: lines.length, lost: lines.filter((each) => getComputedStyle(each).stroke === canvas).map((each) => each.outerHTML.slice(0, 120)) };
      }, selector);
      expect(counts.lost, address).toEqual([]);
      expect(counts.all, address).toBeGreaterThan(5);
      await page.context().close();
    };
    await figure('/map/', '.chart');
    await figure('/patterns/saga/', 'pattern-simulator svg');
    await figure('/patterns/saga/', '.diagram-view svg');
  });
});

/** The element with what stands a little around it, as pixels. */
async function painted(page: Page, of: Locator, around = 8): Promise<Buffer> {
  const box = await of.boundingBox();
  if (box === null) throw new Error('what shall be painted is not on the page');
  return page.screenshot({ clip: { x: Math.max(0, box.x - around), y: Math.max(0, box.y - around), width: box.width + 2 * around, height: box.height + 2 * around } });
}
