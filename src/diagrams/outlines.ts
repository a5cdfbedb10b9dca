import { childElements } from './dom-names.ts';
import { rounded } from './svg-elements.ts';

type Point = [x: number, y: number];

/** How far, in px, the kept outline may stray from the drawn one. */
const TOLERANCE = 0.08;

/**
 * Mermaid draws some plain shapes (stadium, hexagon) with rough.js: a fill path and a stroke path of
 * hundreds of straight "curves", about 30 KB each. One polygon looks the same.
 */
export function simplifyOutlines(svg: Element): void {
  for (const group of svg.querySelectorAll('g')) {
    const [fill, stroke, ...rest] = childElements(group);
    if (!fill || !stroke || rest.length > 0) continue;
    if (fill.localName !== 'path' || stroke.localName !== 'path') continue;
    if (fill.getAttribute('stroke') !== 'none' || stroke.getAttribute('fill') !== 'none') continue;
    const corners = straightCorners(fill.getAttribute('d') ?? '');
    if (!corners) continue;
    const kept = withoutCollinear(corners).map(([x, y]) => `${rounded(x)} ${rounded(y)}`);
    fill.setAttribute('d', `M${kept.join('L')}Z`);
    for (const name of ['stroke', 'stroke-width', 'stroke-dasharray']) {
      const value = stroke.getAttribute(name);
      if (value === null || value === '0 0') fill.removeAttribute(name);
      else fill.setAttribute(name, value);
    }
    stroke.remove();
  }
}

/** The corners of an outline whose curves are all straight, otherwise `undefined`. */
function straightCorners(data: string): Point[] | undefined {
  const corners: Point[] = [];
  for (const [, command = '', list = ''] of data.matchAll(/([a-zA-Z])([^a-zA-Z]*)/g)) {
    const numbers = (list.match(/-?[\d.]+(?:e-?\d+)?/g) ?? []).map(Number);
    const end: Point = [numbers.at(-2) ?? 0, numbers.at(-1) ?? 0];
    if (command === 'C') {
      const start = corners.at(-1);
      const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = numbers;
      if (!start || numbers.length !== 6) return undefined;
      const slack = 0.5 * Math.max(1, Math.hypot(end[0] - start[0], end[1] - start[1]));
      if (twiceArea(start, [x1, y1], end) > slack || twiceArea(start, [x2, y2], end) > slack) return undefined;
    } else if ((command !== 'M' && command !== 'L') || numbers.length !== 2) return undefined;
    corners.push(end);
  }
  return corners.length > 2 ? corners : undefined;
}

/** Douglas–Peucker. */
function withoutCollinear(points: readonly Point[]): Point[] {
  const first = points[0];
  const last = points.at(-1);
  if (!first || !last || points.length < 3) return [...points];
  let farthest = 0;
  let distance = 0;
  points.forEach((point, index) => {
    const away = distanceFromLine(point, first, last);
    if (away > distance) {
      distance = away;
      farthest = index;
    }
  });
  if (distance <= TOLERANCE) return [first, last];
  return [...withoutCollinear(points.slice(0, farthest + 1)).slice(0, -1), ...withoutCollinear(points.slice(farthest))];
}

function distanceFromLine(point: Point, from: Point, to: Point): number {
  const length = Math.hypot(to[0] - from[0], to[1] - from[1]);
  return length < 1e-6 ? Math.hypot(point[0] - from[0], point[1] - from[1]) : twiceArea(from, point, to) / length;
}

function twiceArea(a: Point, b: Point, c: Point): number {
  return Math.abs((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]));
}
