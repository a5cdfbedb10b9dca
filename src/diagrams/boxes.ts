/** Axis-parallel box in user units. */
export interface Box {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}

/** Affine transform, in the order of SVG's `matrix(a b c d e f)`. */
export type Matrix = readonly [a: number, b: number, c: number, d: number, e: number, f: number];

export const IDENTITY: Matrix = [1, 0, 0, 1, 0, 0];

export function sizedBox(x: number, y: number, width: number, height: number): Box {
  return { x0: x, y0: y, x1: x + width, y1: y + height };
}

export function union(a: Box | undefined, b: Box | undefined): Box | undefined {
  if (!a) return b;
  if (!b) return a;
  return { x0: Math.min(a.x0, b.x0), y0: Math.min(a.y0, b.y0), x1: Math.max(a.x1, b.x1), y1: Math.max(a.y1, b.y1) };
}

export function boxAround(points: Iterable<readonly [number, number]>): Box | undefined {
  let box: Box | undefined;
  for (const [x, y] of points) box = union(box, { x0: x, y0: y, x1: x, y1: y });
  return box;
}

/** The box around a transformed box. */
export function mapBox(box: Box | undefined, matrix: Matrix): Box | undefined {
  if (!box || matrix === IDENTITY) return box;
  const [a, b, c, d, e, f] = matrix;
  const corners: [number, number][] = [
    [box.x0, box.y0],
    [box.x1, box.y0],
    [box.x0, box.y1],
    [box.x1, box.y1],
  ];
  return boxAround(corners.map(([x, y]) => [a * x + c * y + e, b * x + d * y + f] as const));
}

export function multiply(m: Matrix, n: Matrix): Matrix {
  return [
    m[0] * n[0] + m[2] * n[1],
    m[1] * n[0] + m[3] * n[1],
    m[0] * n[2] + m[2] * n[3],
    m[1] * n[2] + m[3] * n[3],
    m[0] * n[4] + m[2] * n[5] + m[4],
    m[1] * n[4] + m[3] * n[5] + m[5],
  ];
}

export function translation(x: number, y: number): Matrix {
  return [1, 0, 0, 1, x, y];
}

/** The matrix of a `transform` attribute. */
export function parseTransform(text: string | null): Matrix {
  let matrix = IDENTITY;
  for (const [, name = '', list = ''] of (text ?? '').matchAll(/(\w+)\s*\(([^)]*)\)/g)) {
    const numbers = list.split(/[\s,]+/).filter(Boolean).map(Number.parseFloat);
    matrix = multiply(matrix, primitive(name, numbers));
  }
  return matrix;
}

function primitive(name: string, [p = 0, q, r = 0, s = 0, t = 0, u = 0]: number[]): Matrix {
  const tangent = Math.tan((p * Math.PI) / 180);
  switch (name) {
    case 'translate':
      return translation(p, q ?? 0);
    case 'scale':
      return [p, 0, 0, q ?? p, 0, 0];
    case 'rotate':
      return rotation(p, q ?? 0, r);
    case 'skewX':
      return [1, 0, tangent, 1, 0, 0];
    case 'skewY':
      return [1, tangent, 0, 1, 0, 0];
    case 'matrix':
      return [p, q ?? 0, r, s, t, u];
    default:
      return IDENTITY;
  }
}

function rotation(degrees: number, x: number, y: number): Matrix {
  const angle = (degrees * Math.PI) / 180;
  const turn: Matrix = [Math.cos(angle), Math.sin(angle), -Math.sin(angle), Math.cos(angle), 0, 0];
  return multiply(multiply(translation(x, y), turn), translation(-x, -y));
}
