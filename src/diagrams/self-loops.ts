import { pathBox, flattenPath, type Point } from './path-geometry.ts';
import { rounded } from './svg-elements.ts';

const RADIUS = 8;

/** Ends of an edge that are nearer than this, on one side of a node, belong to a loop. */
const NARROW = 12;

/** Gap to the patch behind the loop's label. */
const GAP = 4;

/** ELK folds an edge from a node to itself so flat that its two lines touch; a half circle reads as a loop. */
export function roundSelfLoops(svg: Element): void {
  for (const edge of svg.querySelectorAll('path.transition,path.flowchart-link')) {
    const lines = flattenPath(edge.getAttribute('d') ?? '');
    const points = lines[0] ?? [];
    const [first, last] = [points[0], points.at(-1)];
    const box = pathBox(lines);
    if (!first || !last || !box || lines.length !== 1) continue;
    if (isLoop(first[0], last[0], first[1], last[1], points, 0)) {
      const reach = box.x0 < first[0] - 1 ? box.x0 + GAP : box.x1 - GAP;
      edge.setAttribute('d', loop(first, last, reach, 0));
    } else if (isLoop(first[1], last[1], first[0], last[0], points, 1)) {
      const reach = box.y0 < first[1] - 1 ? box.y0 + GAP : box.y1 - GAP;
      edge.setAttribute('d', loop(first, last, reach, 1));
    }
  }
}

/** Starts and ends on one side of a node, close together, and stays near it. `away` is the axis that leaves the node. */
function isLoop(start: number, end: number, from: number, to: number, points: readonly Point[], away: 0 | 1): boolean {
  const along = away === 0 ? 1 : 0;
  const isNarrow = points.every((point) => Math.abs(point[along] - from) < NARROW);
  return Math.abs(start - end) < 1 && Math.abs(from - to) < NARROW && isNarrow && points.length > 2;
}

function loop(first: Point, last: Point, reach: number, away: 0 | 1): string {
  const along = away === 0 ? 1 : 0;
  const middle = (first[along] + last[along]) / 2;
  const outwards = Math.sign(reach - first[away]);
  const bend = reach - outwards * RADIUS;
  const isClockwise = away === 0 ? outwards > 0 : outwards < 0;
  const at = (distance: number, offset: number): string => {
    const pair = away === 0 ? [distance, middle + offset] : [middle + offset, distance];
    return pair.map(rounded).join(',');
  };
  const arc = `A${RADIUS},${RADIUS} 0 0 ${isClockwise ? 1 : 0} ${at(bend, RADIUS)}`;
  return `M${at(first[away], -RADIUS)}L${at(bend, -RADIUS)}${arc}L${at(last[away], RADIUS)}`;
}
