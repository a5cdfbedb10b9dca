/** WCAG 1.4.12 and 1.4.4: more room between letters, words and lines, or letters of twice the size, and no word is cut off or lies on another. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { kinds } from './page-kinds.ts';
import { useReader } from './reader.ts';

const reader = useReader();

test.each([1280, 390])('more room between letters and lines, at %i pixels', async (width) => {
  const page = await reader.newPage({ viewport: { width, height: 800 }, reducedMotion: 'reduce' });
  const found: string[] = [];
  for (const address of Object.values(kinds)) {
    await page.goto(address, { waitUntil: 'networkidle' });
    const before = new Set(await troubles(page));
    await page.evaluate(() => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync('* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important } p { margin-bottom: 2em !important }');
      document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
    });
    found.push(...(await troubles(page)).filter((each) => !before.has(each)).map((each) => `${address}: ${each}`));
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    if (wide > width) found.push(`${address}: ${wide} of ${width} pixels`);
  }
  expect(found).toEqual([]);
}, 240_000);

test('letters of twice the size', async () => {
  // What a zoom of 200 % leaves of a window of 1280 by 800.
  const page = await reader.newPage({ viewport: { width: 640, height: 400 }, deviceScaleFactor: 2 });
  const found: string[] = [];
  for (const address of Object.values(kinds)) {
    await page.goto(address, { waitUntil: 'networkidle' });
    found.push(...(await troubles(page)).map((each) => `${address}: ${each}`));
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    if (wide > 640) found.push(`${address}: ${wide} of 640 pixels`);
  }
  expect(found).toEqual([]);
}, 240_000);

/** Words that are cut off, and lines that lie on lines of something else. A drawing is a picture with its words beside it, and keeps its own distances. */
function troubles(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    // What a box that scrolls has beyond its edge lies on nothing.
    const isInSight = (each: Element, { top, bottom }: DOMRect): boolean => {
      for (let around = each.parentElement; around !== null && around !== document.body; around = around.parentElement) {
        const box = around.getBoundingClientRect();
        if (getComputedStyle(around).overflowY !== 'visible' && (top < box.top || bottom > box.bottom)) return false;
      }
      return true;
    };
    const said = (each: Element): string => `${each.tagName.toLowerCase()}.${each.getAttribute('class') ?? ''} "${(each.textContent ?? '').trim().slice(0, 40)}"`;
    const hidden: Element[] = [];
    const lines: { of: Element; rect: DOMRect }[] = [];
    for (const each of document.body.querySelectorAll('*')) {
      if (each.closest('svg') !== null || !each.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
      const { overflowX, overflowY, clipPath } = getComputedStyle(each);
      // For screen readers alone.
      if (clipPath !== 'none' || hidden.some((around) => around.contains(each))) {
        hidden.push(each);
        continue;
      }
      if (/hidden|clip/.test(overflowX) && each.scrollWidth > each.clientWidth + 1) found.push(`cut off at its side: ${said(each)}`);
      if (/hidden|clip/.test(overflowY) && each.scrollHeight > each.clientHeight + 1) found.push(`cut off below: ${said(each)}`);
      for (const part of each.childNodes) {
        if (part.nodeType !== Node.TEXT_NODE || (part.textContent ?? '').trim() === '') continue;
        const range = document.createRange();
        range.selectNodeContents(part);
        for (const rect of range.getClientRects()) if (rect.width > 1 && rect.height > 1 && isInSight(each, rect)) lines.push({ of: each, rect });
      }
    }
    lines.sort((a, b) => a.rect.top - b.rect.top);
    lines.forEach((a, place) => {
      for (let next = place + 1; next < lines.length; next += 1) {
        const b = lines[next];
        if (b === undefined || b.rect.top >= a.rect.bottom) break;
        if (a.of.contains(b.of) || b.of.contains(a.of) || a.of.closest('[class*="header"]') !== b.of.closest('[class*="header"]')) continue;
        // Letters do not fill the height of their line.
        const overX = Math.min(a.rect.right, b.rect.right) - Math.max(a.rect.left, b.rect.left);
        const overY = Math.min(a.rect.bottom, b.rect.bottom) - Math.max(a.rect.top, b.rect.top);
        if (overX > 3 && overY > 0.5 * Math.min(a.rect.height, b.rect.height)) found.push(`on one another: ${said(a.of)} and ${said(b.of)}`);
      }
    });
    return found;
  });
}
