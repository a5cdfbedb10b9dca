import { flattenPath, pathBox } from './path-geometry.ts';
import { rounded } from './svg-elements.ts';

type Corner = [x: number, y: number];

/** How far, in px, the kept outline may stray from the drawn one. */
const TOLERANCE = 0.08;

/**
 * Mermaid draws some plain shapes (stadium, hexagon, the end of a state diagram) with rough.js: a fill
 * path and a stroke path of hundreds of tiny curves, up to 30 KB. One polygon or circle looks the same.
 */
export function simplifyOutlines(svg: Element): void {
  for (const fill of svg.querySelectorAll('path[stroke="none"]')) {
    const stroke = fill.nextElementSibling;
    if (stroke?.localName !== 'path' || stroke.getAttribute('fill') !== 'none') continue;
    const data = fill.getAttribute('d') ?? '';
    const plain = circle(data) ?? polygon(data);
    if (plain === undefined) continue;
    fill.setAttribute('d', plain);
    for (const name of ['stroke', 'stroke-width', 'stroke-dasharray']) {
      const value = stroke.getAttribute(name);
      if (value === null || value === '0 0') fill.removeAttribute(name);
      else fill.setAttribute(name, value);
    }
    stroke.remove();
  }
}

/** A path and not a `circle`, which style rules for nodes would colour differently. */
function circle(data: string): string | undefined {
  const lines = flattenPath(data);
  const box = pathBox(lines);
  if (!box || lines.length !== 1) return undefined;
  const [x, y] = [(box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2];
  const radius = (box.x1 - box.x0) / 2;
  const isRound = lines.flat().every((point) => Math.abs(Math.hypot(point[0] - x, point[1] - y) - radius) < TOLERANCE);
  if (!isRound) return undefined;
  const [left, right, top, size] = [x - radius, x + radius, y, radius].map(rounded);
  return `M${right} ${top}A${size} ${size} 0 1 1 ${left} ${top}A${size} ${size} 0 1 1 ${right} ${top}Z`;
}

function polygon(data: string): string | undefined {
  const corners = straightCorners(data);
  if (!corners) return undefined;
  return `M${withoutCollinear(corners).map(([x, y]) => `${rounded(x)} ${rounded(y)}`).join('L')}Z`;
}

/** The corners of an outline whose curves are all straight, otherwise `undefined`. */
function straightCorners(data: string): Corner[] | undefined {
  const corners: Corner[] = [];
  for (const [, command = '', list = ''] of data.matchAll(/([a-zA-Z])([^a-zA-Z]*)/g)) {
    const numbers = (list.match(/-?[\d.]+(?:e-?\d+)?/g) ?? []).map(Number);
    const end: Corner = [numbers.at(-2) ?? 0, numbers.at(-1) ?? 0];
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
function withoutCollinear(points: readonly Corner[]): Corner[] {
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

function distanceFromLine(point: Corner, from: Corner, to: Corner): number {
  const length = Math.hypot(to[0] - from[0], to[1] - from[1]);
  return length < 1e-6 ? Math.hypot(point[0] - from[0], point[1] - from[1]) : twiceArea(from, point, to) / length;
}

function twiceArea(a: Corner, b: Corner, c: Corner): number {
  return Math.abs((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]));
}
