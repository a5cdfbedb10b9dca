import { boxAround, type Box } from './boxes.ts';
import { arcPoints, cubicPoints, type Point } from './curves.ts';

export type { Point };

/** Arguments that each path command takes. */
const ARGUMENT_COUNT: Record<string, number> = { M: 2, L: 2, H: 1, V: 1, C: 6, S: 4, Q: 4, T: 2, A: 7, Z: 0 };

/** The polylines that approximate a path, one per subpath. */
export function flattenPath(data: string): Point[][] {
  const lines: Point[][] = [];
  let line: Point[] | undefined;
  let at: Point = [0, 0];
  let start: Point = [0, 0];
  let control: Point = [0, 0];
  let previous = '';

  const moveTo = (point: Point): void => {
    at = start = point;
    line = [point];
    lines.push(line);
  };
  const follow = (points: Iterable<Point>): void => {
    if (!line) {
      line = [at];
      lines.push(line);
    }
    for (const point of points) line.push((at = point));
  };
  const mirrored = (families: string): Point =>
    families.includes(previous) && previous !== '' ? [2 * at[0] - control[0], 2 * at[1] - control[1]] : at;
  const quadratic = (handle: Point, end: Point): void => {
    control = handle;
    follow(cubicPoints(at, towards(at, handle, 2 / 3), towards(end, handle, 2 / 3), end));
  };

  for (const { command, relative, values } of commands(data)) {
    const [ox, oy] = relative ? at : [0, 0];
    const point = (index: number): Point => [ox + (values[index] ?? 0), oy + (values[index + 1] ?? 0)];
    if (command === 'M') moveTo(point(0));
    else if (command === 'L') follow([point(0)]);
    else if (command === 'H') follow([[ox + (values[0] ?? 0), at[1]]]);
    else if (command === 'V') follow([[at[0], oy + (values[0] ?? 0)]]);
    else if (command === 'C') {
      control = point(2);
      follow(cubicPoints(at, point(0), control, point(4)));
    } else if (command === 'S') {
      const first = mirrored('CS');
      control = point(0);
      follow(cubicPoints(at, first, control, point(2)));
    } else if (command === 'Q') quadratic(point(0), point(2));
    else if (command === 'T') quadratic(mirrored('QT'), point(0));
    else if (command === 'A') follow(arcPoints(at, values, point(5)));
    else if (command === 'Z') {
      if (line) line.push(start);
      at = start;
      line = undefined;
    }
    previous = command;
  }
  return lines;
}

export function pathBox(lines: Point[][]): Box | undefined {
  return boxAround(lines.flat());
}

export function pathLength(lines: Point[][]): number {
  let total = 0;
  for (const [from, to] of segments(lines)) total += distance(from, to);
  return total;
}

/** The point at `offset` user units along the path; its end when the path is shorter. */
export function pointAlong(lines: Point[][], offset: number): { x: number; y: number } {
  let travelled = 0;
  let last: Point = lines[0]?.[0] ?? [0, 0];
  for (const [from, to] of segments(lines)) {
    const length = distance(from, to);
    if (length > 0 && travelled + length >= offset) {
      const [x, y] = towards(from, to, (offset - travelled) / length);
      return { x, y };
    }
    travelled += length;
    last = to;
  }
  return { x: last[0], y: last[1] };
}

interface PathCommand {
  readonly command: string;
  readonly relative: boolean;
  readonly values: number[];
}

function* commands(data: string): Generator<PathCommand> {
  const tokens = data.match(/[a-zA-Z]|[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?/g) ?? [];
  let letter = '';
  for (let index = 0; index < tokens.length; ) {
    const token = tokens[index] ?? '';
    if (/[a-zA-Z]/.test(token)) {
      letter = token;
      index++;
    }
    const command = letter.toUpperCase();
    const count = ARGUMENT_COUNT[command];
    if (count === undefined || (count === 0 && !/[a-zA-Z]/.test(token))) return;
    const values = tokens.slice(index, index + count).map(Number.parseFloat);
    if (values.length < count || values.some(Number.isNaN)) return;
    index += count;
    yield { command, relative: letter !== command, values };
    // Further pairs after a move are lines.
    if (command === 'M') letter = letter === 'm' ? 'l' : 'L';
  }
}

function* segments(lines: Point[][]): Generator<[Point, Point]> {
  for (const line of lines) {
    for (let index = 1; index < line.length; index++) {
      const from = line[index - 1];
      const to = line[index];
      if (from && to) yield [from, to];
    }
  }
}

function towards(from: Point, to: Point, share: number): Point {
  return [from[0] + (to[0] - from[0]) * share, from[1] + (to[1] - from[1]) * share];
}

function distance(from: Point, to: Point): number {
  return Math.hypot(to[0] - from[0], to[1] - from[1]);
}
