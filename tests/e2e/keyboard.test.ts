/** A page of each kind by Tab alone: everything can be reached, is seen when it is, and lets go. */
import { describe, expect, test } from 'vitest';
import { kinds } from './page-kinds.ts';
import { useReader } from './reader.ts';

const reader = useReader();

interface Stop { name: string; faults: string[] }

describe('by keyboard', () => {
  for (const [kind, address] of Object.entries(kinds)) {
    test(`${kind}: each thing to use is reached once, in order, marked and in sight`, async () => {
      const page = await reader.open(address, { reducedMotion: 'reduce' });
      await page.evaluate(prepare);
      const wanted = await page.evaluate(() => (window as unknown as { toReach: Set<Element> }).toReach.size);
      expect(wanted).toBeGreaterThan(5);
      const faults: string[] = [];
      let stops = 0;
      for (;;) {
        await page.keyboard.press('Tab');
        const stop = await page.evaluate(look);
        if (stop === undefined) break;
        stops++;
        faults.push(...stop.faults.map((fault) => `${stops}. ${stop.name}: ${fault}`));
        // Regions that scroll take the focus as well, so there are more stops than things to use; a trap has no end.
        if (stops > 2 * wanted + 50) throw new Error(`after ${stops} presses of Tab the focus is still on the page, at ${stop.name}`);
      }
      const left = await page.evaluate(() => [...(window as unknown as { toReach: Set<Element> }).toReach].map((element) => element.outerHTML.slice(0, 120)));
      expect({ faults, left }).toEqual({ faults: [], left: [] });
    }, 240_000);
  }

  test('the first stop leads past the header', async () => {
    const page = await reader.open('/patterns/saga/');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.closest('main') !== null)).toBe(true);
  });
});

/** Notes what Tab has to reach: of radio buttons of one name, one. */
function prepare(): void {
  const groups = new Set<string>();
  const toReach = [...document.querySelectorAll<HTMLElement>('a[href], button, input, select, textarea, summary, [tabindex="0"]')].filter((element) => {
    if (element.matches(':disabled, [tabindex="-1"], [inert] *') || !element.checkVisibility({ visibilityProperty: true })) return false;
    if (!(element instanceof HTMLInputElement) || element.type !== 'radio') return true;
    const group = document.querySelector<HTMLInputElement>(`input[name="${element.name}"]:checked`) ?? element;
    if (group !== element || groups.has(element.name)) return false;
    groups.add(element.name);
    return true;
  });
  Object.assign(window, { toReach: new Set<Element>(toReach), stops: [] });
}

/** @returns undefined when the focus has left the page */
async function look(): Promise<Stop | undefined> {
  await new Promise(requestAnimationFrame);
  const { toReach, stops } = window as unknown as { toReach: Set<Element>; stops: Element[] };
  const element = document.activeElement;
  if (element === null || element === document.body || element === document.documentElement) return undefined;
  const faults: string[] = [];
  toReach.delete(element);
  // What a list offered goes with the focus; of what is gone nobody can say where it stood.
  const before = stops.findLast((stop) => stop.isConnected);
  if (before !== undefined && (before.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING) === 0) faults.push('comes before the stop that led to it');
  stops.push(element);
  // What is drawn in place of a control that is not, or of the mark of a claim, carries the outline.
  const outlined = [element, ...[element.closest('label'), element.parentElement, element.closest('form')].filter((other) => other !== null)];
  const hasOutline = outlined.some((other) => [undefined, '::after', '::before'].some((pseudo) => {
    const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(other, pseudo);
    return outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 1.5 && !/rgba\(.*, 0\)/.test(outlineColor);
  }));
  if (!hasOutline) faults.push('nothing marks the focus');
  const rects = [...element.getClientRects()];
  const isSeen = rects.some((rect) => [[0.5, 0.5], [0.1, 0.5], [0.9, 0.5], [0.5, 0.1], [0.5, 0.9]].some(([x = 0, y = 0]) => {
    const hit = document.elementFromPoint(rect.left + rect.width * x, rect.top + rect.height * y);
    return hit !== null && (element.contains(hit) || hit.contains(element) && hit !== document.body && hit !== document.documentElement && hit.tagName !== 'MAIN');
  }));
  if (!isSeen) faults.push(`out of sight, at ${rects.map(({ left, top, width, height }) => [left, top, width, height].map(Math.round).join(' ')).join('; ')}`);
  return { name: `${element.tagName.toLowerCase()} ${(element.getAttribute('aria-label') ?? element.textContent ?? '').trim().replaceAll(/\s+/g, ' ').slice(0, 50)}`, faults };
}
