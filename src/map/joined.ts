import type { ChartedRelation } from './charted.ts';
import type { Line, Plate, Point, Shape } from './placed.ts';

/** The lines between plates. Each leaves from a place of its own, in an order in which the lines of one plate do not cross at once. */
export function joined(plates: readonly Plate[], relations: readonly ChartedRelation[], space: number, shape: Shape): Line[] {
  const plateOf = new Map(plates.map((plate) => [plate.pattern.slug, plate]));
  const known = relations.flatMap((relation) => {
    const [from, to] = [plateOf.get(relation.from), plateOf.get(relation.to)];
    return from === undefined || to === undefined ? [] : [{ relation, from, to }];
  });
  const ports = new Map(plates.map((plate) => {
    const met = known.flatMap(({ relation, from, to }) => (from === plate ? [{ relation, other: to }] : to === plate ? [{ relation, other: from }] : []));
    met.sort((a, b) => turn(plate, a.other) - turn(plate, b.other));
    return [plate, new Map(met.map(({ relation }, at) => [relation, portOf(plate, at, met.length)]))];
  }));
  const tallest = Math.max(...plates.map(({ y }) => y), 1);
  return known.flatMap(({ relation, from, to }) => {
    const [start, end] = [ports.get(from)?.get(relation), ports.get(to)?.get(relation)];
    return start === undefined || end === undefined ? [] : [{ relation, start, end, path: path(start, end, from.side, to.side, { space, shape, tallest }) }];
  });
}

/** From the top of a plate: what lies above in its own column, nearest first; what lies opposite; what lies below, nearest last. */
function turn(plate: Plate, other: Plate): number {
  const down = other.y - plate.y;
  if (plate.side !== other.side) return other.y;
  return down < 0 ? -far - down : far - down;
}

const far = 1e6;

interface Space { space: number; shape: Shape; /** No line falls further. */ tallest: number }

function portOf(plate: Plate, at: number, of: number): Point {
  const room = plate.height - 8;
  return { x: plate.side === 'left' ? plate.x + plate.width : plate.x, y: plate.y + 4 + ((at + 0.5) * room) / of };
}

function path(start: Point, end: Point, from: Plate['side'], to: Plate['side'], { space, shape, tallest }: Space): string {
  const away = (side: Plate['side'], by: number): number => (side === 'left' ? by : -by);
  // A curve reaches three quarters as far as its handles. Long ones lie outside short ones, and none leaves the space.
  const share = (Math.abs(end.y - start.y) / tallest) ** 0.7;
  const [least, most] = shape === 'narrow' ? [22, space * 1.28] : [44, space * 0.66];
  const reach = from === to ? least + (most - least) * share : space * 0.5;
  return `M${round(start.x)} ${round(start.y)}C${round(start.x + away(from, reach))} ${round(start.y)} ${round(end.x + away(to, reach))} ${round(end.y)} ${round(end.x)} ${round(end.y)}`;
}

function round(number: number): number {
  return Math.round(number * 10) / 10;
}
