import { expect, test } from 'vitest';
import { openAtlas } from '../../scripts/mcp/atlas.ts';
import { pageText } from '../../scripts/mcp/page-text.ts';
import { isPublished } from '../../src/catalogue/vocabulary.ts';
import { pathOf } from '../../src/citing/addresses.ts';
import { root } from '../architecture/repository.ts';
import { siteText } from './built-site.ts';

test('an assistant reads each page word for word as its twin on the site', async () => {
  const atlas = openAtlas(root);
  const different: string[] = [];
  for (const known of atlas.pages.filter(({ page }) => isPublished(page.data))) {
    const path = pathOf(known.kind, known.slug);
    if (await pageText(atlas, known) !== siteText(`${path.slice(1)}index.md`)) different.push(path);
  }
  expect(different).toEqual([]);
}, 180_000);

test('the address that tools give to the site is the one it is built for', () => {
  expect(new URL('/', /<link rel="canonical" href="([^"]+)"/.exec(siteText('index.html'))?.[1]).href).toBe(openAtlas(root).home);
});
