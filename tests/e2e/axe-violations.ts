import axe from 'axe-core';
import type { Page } from 'playwright-core';

/** What axe finds on a page as it is now, a line each. @param without rules of axe that say nothing in the state that the page is in */
export async function violations(page: Page, without: readonly string[] = []): Promise<string[]> {
  if (!await page.evaluate(() => 'axe' in window)) await page.evaluate(axe.source);
  const found = await page.evaluate(async (left) => {
    const { violations: all } = await (window as unknown as { axe: typeof axe }).axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
      rules: Object.fromEntries(left.map((id) => [id, { enabled: false }])),
      resultTypes: ['violations'],
    });
    return all.flatMap(({ id, help, nodes }) => nodes.map(({ target, failureSummary }) => `${id}: ${help}: ${target.join(' ')} (${failureSummary?.split('\n')[1]?.trim() ?? ''})`));
  }, [...without]);
  return found.map((violation) => `${new URL(page.url()).pathname}: ${violation}`);
}
