// @vitest-environment node
import { readFileSync } from 'node:fs';
import { JSDOM } from 'jsdom';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Drawing } from './drawing.ts';
import { DiagramRenderer } from './renderer.ts';
import { standAlone } from './stand-alone.ts';

const renderer = new DiagramRenderer({ cacheDirectory: false, workers: 1 });
const drawings: Drawing[] = [];
/** Every name gets a colour of its own in each theme. */
const paint = (value: string, theme: 'light' | 'dark'): string => value.replaceAll(/var\(--([\w-]+)\)|color-mix\(.*\)/g, (name) => `#${Buffer.from(theme + name).reduce((sum, byte) => (sum * 31 + byte) % 0xffffff, 7).toString(16).padStart(6, '0')}`);
const made = (drawing: Drawing): ReturnType<typeof standAlone> => standAlone(drawing, { paint, home: 'https://example.org/atlas/' });

beforeAll(async () => {
  for (const name of ['flowchart-gateway', 'sequence-saga', 'state-breaker', 'class-breaker', 'er-outbox']) {
    drawings.push(await renderer.render(readFileSync(new URL(`specimens/${name}.mmd`, import.meta.url), 'utf8')));
  }
});
afterAll(() => renderer.close());

describe('a drawing as a file', () => {
  test('needs no sheet: no class, no name of a colour, and a ground', () => {
    for (const drawing of drawings) {
      const { svg } = made(drawing);
      expect(svg, drawing.title).not.toMatch(/class=|var\(|\.dg/);
      expect(svg).toContain('font-family=');
      const { document } = new JSDOM(svg, { contentType: 'image/svg+xml' }).window;
      const [ground] = document.querySelectorAll('rect');
      const box = ['x', 'y', 'width', 'height'].map((name) => ground?.getAttribute(name)).join(' ');
      expect(document.documentElement.getAttribute('viewBox')).toBe(box);
      expect(document.querySelectorAll('title, desc')).toHaveLength(2);
    }
  });

  test('every box has the colour that the sheets give it: nothing is ink by omission', () => {
    for (const drawing of drawings) {
      const { document } = new JSDOM(made(drawing).svg, { contentType: 'image/svg+xml' }).window;
      const boxes = [...document.querySelectorAll('rect, circle, ellipse, polygon')];
      expect(boxes.length, drawing.title).toBeGreaterThan(0);
      expect(boxes.filter((box) => !box.hasAttribute('fill')).map((box) => box.outerHTML), drawing.title).toEqual([]);
    }
  });

  test('turns dark where a browser asks for it, colour by colour', () => {
    const { svg } = made(drawings[0] as Drawing);
    const [, rules = ''] = /<style>@media \(prefers-color-scheme:dark\)\{(.*)\}<\/style>/.exec(svg) ?? [];
    const light = paint('var(--surface)', 'light');
    expect(svg).toContain(`fill="${light}"`);
    expect(rules).toContain(`[fill="${light}"]{fill:${paint('var(--surface)', 'dark')}}`);
  });

  test('with outlines it has no text and no style, and the same shapes', () => {
    for (const drawing of drawings) {
      const { svg, outlined } = made(drawing);
      expect(outlined).not.toMatch(/<text|<tspan|<style/);
      expect(outlined.match(/<path/g)?.length ?? 0).toBeGreaterThan(svg.match(/<path/g)?.length ?? 0);
    }
  });

  test('its links are whole addresses', () => {
    const [drawing] = drawings;
    const linked = { ...drawing as Drawing, svg: (drawing as Drawing).svg.replace('<title', '<a href="/patterns/saga/"><text class="nodeLabel">x</text></a><title') };
    expect(made(linked).svg).toContain('href="https://example.org/atlas/patterns/saga/"');
  });

  test('a letter that the face does not have is an error that names it', () => {
    const [drawing] = drawings;
    const foreign = { ...drawing as Drawing, svg: (drawing as Drawing).svg.replace(/<\/svg>$/, '<text x="0" y="0">佐</text></svg>') };
    expect(() => made(foreign)).toThrow('佐');
  });
});
