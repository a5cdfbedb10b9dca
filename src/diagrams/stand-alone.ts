/** A drawing as a file of its own: without the site's sheets, in the light theme, and in the dark one where a browser asks for it. */
import { JSDOM } from 'jsdom';
import type { Drawing } from './drawing.ts';
import { FontMetrics } from './font-metrics.ts';
import { Presentation, shown } from './presentation.ts';
import { createSvg, rounded } from './svg-elements.ts';
import { layOutText } from './svg-text.ts';

export interface StandAloneOptions {
  /** Works out a CSS value in a theme. */
  readonly paint: (value: string, theme: 'light' | 'dark') => string;
  /** Absolute address of the home page, for links; ends with a slash. */
  readonly home: string;
}

export interface StandAlone {
  /** With text as text, to read and to edit. */
  readonly svg: string;
  /** With text as outlines: looks the same without the font. */
  readonly outlined: string;
}

const padding = 16;
const family = "'IBM Plex Sans', 'Helvetica Neue', Arial, sans-serif";

export function standAlone(drawing: Drawing, { paint, home }: StandAloneOptions): StandAlone {
  const { document } = new JSDOM(drawing.svg).window;
  const svg = document.querySelector('svg');
  if (svg === null) throw new Error(`the diagram "${drawing.title}" has no drawing`);
  const ground = createSvg(document, 'rect', { fill: 'var(--dg-bg)' });
  const first = [...svg.children].find(({ localName }) => localName !== 'title' && localName !== 'desc');
  svg.insertBefore(ground, first ?? null);
  const dark = present(svg, paint);
  frame(svg, ground);
  for (const link of svg.querySelectorAll('a[href^="/"]')) link.setAttribute('href', home + (link.getAttribute('href') ?? '').slice(1));
  const night = createSvg(document, 'style');
  night.textContent = `@media (prefers-color-scheme:dark){${[...dark].map(([selector, rule]) => `${selector}{${rule}}`).join('')}}`;
  svg.append(night);
  const text = svg.outerHTML;
  night.remove();
  outline(svg);
  return { svg: text, outlined: svg.outerHTML };
}

/** Writes what the sheets say as attributes. @returns rules of the dark theme: what is drawn in one colour by day is in one by night */
function present(svg: Element, paint: StandAloneOptions['paint']): Map<string, string> {
  const presentation = new Presentation();
  const elements = [svg, ...svg.querySelectorAll('*')].filter((element) => !['title', 'desc'].includes(element.localName));
  const declared = elements.map((element) => presentation.of(element));
  const dark = new Map<string, string>();
  elements.forEach((element, index) => {
    const own = declared[index] ?? new Map<string, string>();
    const resolved = (value: string): string => value.replaceAll(/var\((--dg-[\w-]+)(?:,([^()]*(?:\([^()]*\))?[^()]*))?\)/g, (_, name: string, instead?: string) => resolved(own.get(name) ?? instead ?? ''));
    for (const name of shown) {
      const value = own.get(name);
      if (value === undefined) continue;
      const raw = resolved(value);
      const light = paint(raw, 'light');
      element.setAttribute(name, light === 'transparent' ? 'none' : light);
      if (light !== paint(raw, 'dark')) dark.set(`[${name}="${light}"]`, `${name}:${paint(raw, 'dark')}`);
    }
    element.removeAttribute('class');
    element.removeAttribute('style');
  });
  return dark;
}

/** A margin and a ground: a transparent drawing would be ink on ink where the page around it is dark. */
function frame(svg: Element, ground: Element): void {
  const [x = 0, y = 0, width = 0, height = 0] = (svg.getAttribute('viewBox') ?? '').split(/\s+/).map(Number);
  const box = { x: rounded(x - padding), y: rounded(y - padding), width: Math.ceil(width + 2 * padding), height: Math.ceil(height + 2 * padding) };
  svg.setAttribute('viewBox', Object.values(box).join(' '));
  svg.setAttribute('width', String(box.width));
  svg.setAttribute('height', String(box.height));
  svg.setAttribute('font-family', family);
  for (const [name, value] of Object.entries(box)) ground.setAttribute(name, String(value));
}

const metrics = new FontMetrics();
const drawnLike = ['fill', 'stroke', 'stroke-width', 'stroke-linejoin', 'paint-order', 'opacity'];

function outline(svg: Element): void {
  for (const text of svg.querySelectorAll('text')) {
    const group = createSvg(svg.ownerDocument, 'g');
    for (const name of [...drawnLike, 'transform']) if (text.hasAttribute(name)) group.setAttribute(name, text.getAttribute(name) ?? '');
    for (const run of layOutText(text, metrics)) {
      const path = createSvg(svg.ownerDocument, 'path', { d: metrics.outline(run.text, run.style.fontSize, run.style.fontWeight, run.x, run.baseline) });
      for (const name of drawnLike) {
        const holder = run.element.closest(`tspan[${name}]`);
        if (holder !== null) path.setAttribute(name, holder.getAttribute(name) ?? '');
      }
      group.append(path);
    }
    text.replaceWith(group);
  }
}
