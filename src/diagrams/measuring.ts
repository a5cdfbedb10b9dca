import type { Box } from './boxes.ts';
import { belongsToDrawing, elementBox, pageBox } from './element-boxes.ts';
import type { FontMetrics } from './font-metrics.ts';
import { layOutLabel } from './label-layout.ts';
import { flattenPath, pathLength, pointAlong, type Point } from './path-geometry.ts';
import { textAdvance } from './svg-text.ts';

/** Gives the elements of a jsdom window the five measuring functions that Mermaid asks a browser for. */
export function installMeasuring(window: Window & typeof globalThis, metrics: FontMetrics): void {
  const functions = {
    getBBox(this: Element) {
      return clientRect(elementBox(this, metrics));
    },
    getBoundingClientRect(this: Element) {
      if (belongsToDrawing(this)) return clientRect(pageBox(this, metrics));
      const { width, height } = layOutLabel(this, metrics);
      return clientRect({ x0: 0, y0: 0, x1: width, y1: height });
    },
    getComputedTextLength(this: Element) {
      return textAdvance(this, metrics);
    },
    getTotalLength(this: Element) {
      return pathLength(flattened(this));
    },
    getPointAtLength(this: Element, offset: number) {
      return pointAlong(flattened(this), offset);
    },
  };
  const prototypes = [window.Element.prototype, window.SVGElement.prototype, window.HTMLElement.prototype];
  for (const [name, value] of Object.entries(functions)) {
    for (const prototype of prototypes) {
      if (prototype === window.Element.prototype || Object.hasOwn(prototype, name)) {
        Object.defineProperty(prototype, name, { value, configurable: true, writable: true });
      }
    }
  }
}

/** The path asked last: Mermaid walks one path with hundreds of calls in a row. */
let lastPath: { readonly data: string; readonly lines: Point[][] } | undefined;

function flattened(element: Element): Point[][] {
  const data = element.getAttribute('d') ?? '';
  if (lastPath?.data !== data) lastPath = { data, lines: flattenPath(data) };
  return lastPath.lines;
}

function clientRect(box: Box | undefined): Omit<DOMRect, 'toJSON'> {
  const { x0, y0, x1, y1 } = box ?? { x0: 0, y0: 0, x1: 0, y1: 0 };
  return { x: x0, y: y0, width: x1 - x0, height: y1 - y0, left: x0, top: y0, right: x1, bottom: y1 };
}
