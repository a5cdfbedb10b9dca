/** The map, its table and its files say the same. */
import { join } from 'node:path';
import { JSDOM } from 'jsdom';
import { markdownToMdast } from 'satteri';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { pageAt, pages, siteDir, siteText, textOf } from './built-site.ts';

const { document } = pageAt('/map/');
const charts = [...document.querySelectorAll('svg.chart')];
const rows = [...document.querySelectorAll('.map-table tbody tr')];
/** A draft stands on no map, nor does what another page took the place of. */
const patterns = pages.filter(({ address, document: page }) => /^\/patterns\/[^/]+\/$/.test(address) && page.querySelector('meta[name="robots"]') === null);
const hrefOf = (node: Element | null | undefined): string => node?.getAttribute('href') ?? '';
const numberOf = new Map([...document.querySelectorAll('svg.chart.wide a.plate')].map((plate) => [hrefOf(plate), /is-(n\d+)/.exec(plate.getAttribute('class') ?? '')?.[1]]));
const tableLines = rows.map((row) => {
  const [from, to] = [...row.querySelectorAll('a')].map((link) => numberOf.get(hrefOf(link)));
  return `${[from, to].sort().join(' ')} ${kindOf(row)}`;
}).sort();

describe('the map', () => {
  test('has each pattern that has a page, as a link to it, in both shapes', () => {
    const written = patterns.map((page) => `${page.address} ${textOf(page.document.querySelector('h1'))}`);
    expect(written.length).toBeGreaterThan(0);
    expect(charts).toHaveLength(2);
    for (const chart of charts) {
      expect([...chart.querySelectorAll('a.plate')].map((plate) => `${hrefOf(plate)} ${textOf(plate)}`).sort()).toEqual(written.sort());
    }
  });

  test('has the lines of its table, in both shapes', () => {
    expect(tableLines.length).toBeGreaterThan(0);
    for (const chart of charts) {
      expect([...chart.querySelectorAll('g.line')].map((line) => `${(line.getAttribute('class')?.match(/\bn\d+\b/g) ?? []).sort().join(' ')} ${kindOf(line)}`).sort()).toEqual(tableLines);
    }
  });

  test('has a name, a description and no id twice', () => {
    for (const chart of charts) {
      for (const attribute of ['aria-labelledby', 'aria-describedby']) expect(textOf(document.getElementById(chart.getAttribute(attribute) ?? '')).length).toBeGreaterThan(10);
    }
  });

  test('has the rows of its table in its twin', () => {
    const tree = markdownToMdast(siteText('map/index.md'), { features: { frontmatter: true } });
    const table = 'children' in tree ? tree.children.find(({ type }) => type === 'table') : undefined;
    expect(table !== undefined && 'children' in table ? table.children.length - 1 : 0).toBe(rows.length);
  });

  test('stands beside itself as SVG and PNG, with the lines and plates of the page and no sheet', async () => {
    const text = siteText('map/pattern-map.svg');
    expect(text).not.toMatch(/class=|var\(--|color-mix/);
    expect(text.match(/<a href="https:\/\/pattern-atlas\.github\.io\/patterns\//g)).toHaveLength(numberOf.size);
    for (const line of charts[0]?.querySelectorAll('g.line > path:first-child') ?? []) expect(text).toContain(`d="${line.getAttribute('d')}"`);
    const [, width, height] = / width="(\d+)".* height="(\d+)"/.exec(text.replace(/>[^]*/, '')) ?? [];
    expect(await sharp(join(siteDir, 'map/pattern-map.png')).metadata()).toMatchObject({ width: 2 * Number(width), height: 2 * Number(height) });
  });
});

describe('the small map of a pattern', () => {
  test('has the written patterns of its list, each with what it is to the pattern', () => {
    expect(patterns.length).toBeGreaterThan(0);
    for (const page of patterns) {
      const drawing = page.document.querySelector('[data-drawing]')?.getAttribute('data-drawing')?.slice(1) ?? '';
      const listed = [...page.document.querySelectorAll('.related li')].flatMap((item) => {
        const link = item.querySelector('a[href^="/patterns/"]');
        return !patterns.some(({ address }) => address === hrefOf(link)) ? [] : [`${hrefOf(link)} ${textOf(item.querySelector('.relation')).toLowerCase()} ${textOf(link)}`];
      });
      for (const svg of JSON.parse(siteText(drawing)) as string[]) {
        const drawn = [...new JSDOM(svg).window.document.querySelectorAll('a')].map((plate) => `${hrefOf(plate)} ${textOf(plate)}`);
        expect(drawn.sort(), page.address).toEqual(listed.sort());
      }
    }
  });

  test('stands beside the page as files', () => {
    for (const { address, document: page } of patterns) {
      const files = [...page.querySelectorAll('[data-drawing] + p a')].map(hrefOf);
      expect(files).toEqual([`/map/?pattern=${address.split('/')[2]}`, `${address}neighbours.svg`, `${address}neighbours.png`]);
      expect(siteText(`${address.slice(1)}neighbours.svg`)).not.toMatch(/class=|var\(--|color-mix/);
    }
  });
});

function kindOf(node: Element): string {
  return /\bas-[a-z-]+/.exec(node.getAttribute('class') ?? '')?.[0] ?? '';
}
