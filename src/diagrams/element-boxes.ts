import { boxAround, IDENTITY, mapBox, multiply, parseTransform, sizedBox, translation, union, type Box, type Matrix } from './boxes.ts';
import { parseLength } from './cascade.ts';
import { childElements, elementName, isElement } from './dom-names.ts';
import type { FontMetrics } from './font-metrics.ts';
import { flattenPath, pathBox } from './path-geometry.ts';
import { textBox } from './svg-text.ts';

/** What `getBBox` answers: the box of an element in its own coordinates, without strokes. */
export function elementBox(element: Element, metrics: FontMetrics): Box | undefined {
  const name = elementName(element);
  if (UNDRAWN.has(name) || isHidden(element)) return undefined;
  switch (name) {
    case 'text':
    case 'tspan':
      return textBox(element, metrics);
    case 'rect':
    case 'image':
    case 'foreignobject':
      return rectangleBox(element);
    case 'circle':
      return ellipseBox(element, number(element, 'r'), number(element, 'r'));
    case 'ellipse':
      return ellipseBox(element, number(element, 'rx'), number(element, 'ry'));
    case 'line':
      return boxAround([
        [number(element, 'x1'), number(element, 'y1')],
        [number(element, 'x2'), number(element, 'y2')],
      ]);
    case 'polygon':
    case 'polyline':
      return boxAround(pointPairs(element.getAttribute('points')));
    case 'path':
      return pathBox(flattenPath(element.getAttribute('d') ?? ''));
    case 'use':
      return usedBox(element, metrics);
    default:
      return contentBox(element, metrics);
  }
}

/** What `getBoundingClientRect` answers in a page that is never scrolled: the box in the outermost coordinates. */
export function pageBox(element: Element, metrics: FontMetrics): Box | undefined {
  let matrix: Matrix = IDENTITY;
  for (let node: Element | null = element; node && elementName(node) !== 'body'; node = node.parentElement) {
    const transform = node.getAttribute('transform');
    if (transform) matrix = multiply(parseTransform(transform), matrix);
  }
  return mapBox(elementBox(element, metrics), matrix);
}

const UNDRAWN = new Set([
  'defs',
  'marker',
  'style',
  'title',
  'desc',
  'clippath',
  'mask',
  'pattern',
  'lineargradient',
  'radialgradient',
  'filter',
  'symbol',
  'metadata',
  'script',
]);

function isHidden(element: Element): boolean {
  return element.getAttribute('display') === 'none' || /display:\s*none/.test(element.getAttribute('style') ?? '');
}

function number(element: Element, attribute: string): number {
  return parseLength(element.getAttribute(attribute), 16) ?? 0;
}

function rectangleBox(element: Element): Box | undefined {
  const width = number(element, 'width');
  const height = number(element, 'height');
  return width > 0 && height > 0 ? sizedBox(number(element, 'x'), number(element, 'y'), width, height) : undefined;
}

function ellipseBox(element: Element, rx: number, ry: number): Box | undefined {
  if (rx <= 0 || ry <= 0) return undefined;
  return sizedBox(number(element, 'cx') - rx, number(element, 'cy') - ry, 2 * rx, 2 * ry);
}

function pointPairs(text: string | null): [number, number][] {
  const numbers = (text ?? '').split(/[\s,]+/).filter(Boolean).map(Number.parseFloat);
  return numbers.flatMap((x, index): [number, number][] => {
    const y = numbers[index + 1];
    return index % 2 === 0 && y !== undefined ? [[x, y]] : [];
  });
}

function usedBox(element: Element, metrics: FontMetrics): Box | undefined {
  const reference = element.getAttribute('href') ?? element.getAttribute('xlink:href') ?? '';
  const target = element.ownerDocument.getElementById(reference.slice(1));
  if (!target) return undefined;
  const inner =
    elementName(target) === 'symbol'
      ? contentBox(target, metrics)
      : mapBox(elementBox(target, metrics), parseTransform(target.getAttribute('transform')));
  return mapBox(inner, translation(number(element, 'x'), number(element, 'y')));
}

function contentBox(element: Element, metrics: FontMetrics): Box | undefined {
  let box: Box | undefined;
  for (const child of childElements(element)) {
    const own = parseTransform(child.getAttribute('transform'));
    const matrix = elementName(child) === 'svg' ? multiply(own, translation(number(child, 'x'), number(child, 'y'))) : own;
    box = union(box, mapBox(elementBox(child, metrics), matrix));
  }
  return box;
}

/** HTML inside a `foreignObject` is laid out as a label; everything else belongs to the drawing. */
export function belongsToDrawing(element: Element): boolean {
  for (let node: Node | null = element; isElement(node); node = node.parentNode) {
    const name = elementName(node);
    if (name === 'foreignobject') return node === element;
    if (name === 'svg') return true;
  }
  return false;
}
