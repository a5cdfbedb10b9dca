/** What stands around one pattern, small enough for its page: each neighbour on a plate that says what it is to the pattern. */
import { relationKinds } from '../catalogue/vocabulary.ts';
import type { RelationKind } from '../catalogue/vocabulary.ts';
import type { Chart, ChartedPattern } from './charted.ts';
import { textWidth } from './text-width.ts';
import type { Box, Point, Shape } from './placed.ts';

export interface Neighbour {
  pattern: ChartedPattern;
  as: RelationKind;
  /** What it is to the pattern in the middle, such as "required by". */
  word: string;
  /** Whether an arrow would point at it. */
  pointedAt: boolean;
}

export interface NeighbourPlate extends Box { neighbour: Neighbour; side: 'left' | 'right' }
export interface NeighbourLine { neighbour: Neighbour; path: string; /** At the plate, and at the pattern in the middle. */ outer: Point; inner: Point; facing: 'left' | 'right' }
export interface Neighbourhood { width: number; height: number; centre: Box & { lines: string[] }; plates: NeighbourPlate[]; lines: NeighbourLine[]; /** What the lines of the narrow shape hang on. */ trunk?: string }

export const letters = { centre: 14, name: 13, word: 11 } as const;
export const glyphRoom = { centre: 36, plate: 28 } as const;
const plateHeight = 44;
const pitch = 52;
const margins = 24;

export function neighboursOf(slug: string, { patterns, relations }: Chart): Neighbour[] {
  const named = new Map(patterns.map((pattern) => [pattern.slug, pattern]));
  const found = relations.flatMap(({ from, to, as }): Neighbour[] => {
    const pattern = named.get(from === slug ? to : from);
    if (pattern === undefined || (from !== slug && to !== slug)) return [];
    return [{ pattern, as, word: relationKinds[as][from === slug ? 'label' : 'inverse'].toLowerCase(), pointedAt: from === slug }];
  });
  const kinds = Object.keys(relationKinds);
  return found.sort((a, b) => kinds.indexOf(a.as) - kinds.indexOf(b.as) || a.pattern.title.localeCompare(b.pattern.title, 'en'));
}

export function layOutNeighbours(pattern: ChartedPattern, neighbours: readonly Neighbour[], shape: Shape): Neighbourhood {
  const lines = inTwo(pattern.title);
  const centre = { lines, width: Math.ceil(Math.max(...lines.map((line) => textWidth(line, letters.centre))) + margins + glyphRoom.centre), height: lines.length === 1 ? 48 : 60 };
  const plateWidth = Math.ceil(Math.max(...neighbours.map(({ pattern: { title }, word }) => Math.max(textWidth(title, letters.name), textWidth(word, letters.word))), 100) + margins + glyphRoom.plate);
  return shape === 'narrow' ? hung(neighbours, centre, plateWidth) : around(neighbours, centre, plateWidth);
}

type Middle = Omit<Neighbourhood['centre'], 'x' | 'y'>;

/** What leads here on the left, what follows on the right; the rest where there is room. */
function around(neighbours: readonly Neighbour[], middle: Middle, plateWidth: number): Neighbourhood {
  const [left, right]: [Neighbour[], Neighbour[]] = [[], []];
  for (const neighbour of neighbours) if (isDirected(neighbour)) (neighbour.pointedAt ? right : left).push(neighbour);
  for (const neighbour of neighbours) if (!isDirected(neighbour)) (left.length < right.length ? left : right).push(neighbour);
  const rows = Math.max(left.length, right.length, 1);
  const width = Math.max(704, 2 * plateWidth + middle.width + 2 * 72);
  const height = Math.max(rows * pitch - (pitch - plateHeight), middle.height) + 2;
  const centre = { ...middle, x: Math.round((width - middle.width) / 2), y: Math.round((height - middle.height) / 2) };
  const plates = [left, right].flatMap((list, at) => list.map((neighbour, row): NeighbourPlate => ({
    neighbour, side: at === 0 ? 'left' : 'right', width: plateWidth, height: plateHeight,
    x: at === 0 ? 1 : width - plateWidth - 1, y: Math.round((height - list.length * pitch + pitch - plateHeight) / 2 + row * pitch),
  })));
  const lines = [left, right].flatMap((list, at) => list.map((neighbour, row): NeighbourLine => {
    const plate = plates.find((each) => each.neighbour === neighbour);
    const facing = at === 0 ? 'left' : 'right';
    const outer = { x: facing === 'left' ? 1 + plateWidth : width - plateWidth - 1, y: (plate?.y ?? 0) + plateHeight / 2 };
    const inner = { x: facing === 'left' ? centre.x : centre.x + centre.width, y: Math.round((centre.y + 6 + ((row + 0.5) * (centre.height - 12)) / list.length) * 10) / 10 };
    const handle = Math.round((outer.x + inner.x) / 2);
    return { neighbour, outer, inner, facing, path: `M${inner.x} ${inner.y}C${handle} ${inner.y} ${handle} ${outer.y} ${outer.x} ${outer.y}` };
  }));
  return { width, height, centre, plates, lines };
}

/** One below the other, on a line that comes down from the pattern. */
function hung(neighbours: readonly Neighbour[], middle: Middle, plateWidth: number): Neighbourhood {
  const [trunkX, x] = [18, 74];
  const width = Math.max(344, x + plateWidth + 1, middle.width + 2);
  const centre = { ...middle, x: 1, y: 1 };
  const top = centre.height + 18;
  const plates = neighbours.map((neighbour, row): NeighbourPlate => ({ neighbour, side: 'right', x, y: top + row * pitch, width: width - x - 1, height: plateHeight }));
  const lines = plates.map(({ neighbour, y }): NeighbourLine => {
    const [inner, outer] = [{ x: trunkX, y: y + plateHeight / 2 }, { x, y: y + plateHeight / 2 }];
    return { neighbour, inner, outer, facing: 'right', path: `M${inner.x} ${inner.y}H${outer.x}` };
  });
  const last = lines.at(-1)?.inner.y ?? top;
  return { width, height: top + neighbours.length * pitch - (pitch - plateHeight) + 1, centre, plates, lines, trunk: `M${trunkX} ${centre.height + 1}V${last}` };
}

function isDirected({ as }: Neighbour): boolean {
  return relationKinds[as].label !== relationKinds[as].inverse;
}

/** A long name in two lines, as even as its words allow. */
function inTwo(title: string): string[] {
  const words = title.split(' ');
  if (title.length < 17 || words.length < 2) return [title];
  const breaks = words.slice(1).map((_, at) => [words.slice(0, at + 1).join(' '), words.slice(at + 1).join(' ')]);
  return breaks.sort((a, b) => Math.max(...a.map(({ length }) => length)) - Math.max(...b.map(({ length }) => length)))[0] ?? [title];
}
