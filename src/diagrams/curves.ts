export type Point = readonly [x: number, y: number];

/** Points per cubic curve: Mermaid's curves bend gently, and 24 chords stay within a hundredth of a pixel of them. */
const CUBIC_STEPS = 24;

/** Points along a cubic Bézier curve, without its first one. */
export function cubicPoints(p0: Point, p1: Point, p2: Point, p3: Point): Point[] {
  return Array.from({ length: CUBIC_STEPS }, (_, step): Point => {
    const t = (step + 1) / CUBIC_STEPS;
    const u = 1 - t;
    const blend = (axis: 0 | 1): number =>
      u ** 3 * p0[axis] + 3 * u * u * t * p1[axis] + 3 * u * t * t * p2[axis] + t ** 3 * p3[axis];
    return [blend(0), blend(1)];
  });
}

/**
 * Points along an elliptical arc, without its first one. `values` are the seven numbers of the path command.
 * The conversion from end points to centre follows SVG 2, appendix B.2.4.
 */
export function arcPoints(from: Point, values: readonly number[], to: Point): Point[] {
  const [rx0 = 0, ry0 = 0, degrees = 0, large = 0, sweep = 0] = values;
  if (rx0 === 0 || ry0 === 0 || (from[0] === to[0] && from[1] === to[1])) return [to];
  const cos = Math.cos((degrees * Math.PI) / 180);
  const sin = Math.sin((degrees * Math.PI) / 180);
  const halfX = (from[0] - to[0]) / 2;
  const halfY = (from[1] - to[1]) / 2;
  const x = cos * halfX + sin * halfY;
  const y = -sin * halfX + cos * halfY;

  // Radii too small to reach are scaled up until they do.
  const grow = Math.max(1, Math.sqrt((x / rx0) ** 2 + (y / ry0) ** 2));
  const rx = Math.abs(rx0) * grow;
  const ry = Math.abs(ry0) * grow;
  const span = (rx * y) ** 2 + (ry * x) ** 2;
  const factor = Math.sqrt(Math.max(0, ((rx * ry) ** 2 - span) / span)) * (large === sweep ? -1 : 1);
  const cx = (factor * rx * y) / ry;
  const cy = (-factor * ry * x) / rx;
  const centreX = cos * cx - sin * cy + (from[0] + to[0]) / 2;
  const centreY = sin * cx + cos * cy + (from[1] + to[1]) / 2;

  const first = Math.atan2((y - cy) / ry, (x - cx) / rx);
  let turn = Math.atan2((-y - cy) / ry, (-x - cx) / rx) - first;
  if (sweep === 0 && turn > 0) turn -= 2 * Math.PI;
  if (sweep !== 0 && turn < 0) turn += 2 * Math.PI;

  const steps = Math.max(8, Math.ceil(Math.abs(turn) / (Math.PI / 32)));
  return Array.from({ length: steps }, (_, step): Point => {
    if (step === steps - 1) return to;
    const angle = first + (turn * (step + 1)) / steps;
    const ex = rx * Math.cos(angle);
    const ey = ry * Math.sin(angle);
    return [cos * ex - sin * ey + centreX, sin * ex + cos * ey + centreY];
  });
}
