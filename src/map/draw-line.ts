import { relationKinds } from '../catalogue/vocabulary.ts';
import type { RelationKind } from '../catalogue/vocabulary.ts';
import type { Line, Plate, Point } from './placed.ts';
import { endings, strokes } from './strokes.ts';
import type { Ending } from './strokes.ts';
import { element, text } from './svg.ts';
import type { Attributes } from './svg.ts';

export interface LineOptions {
  classes: string;
  /** What lies under the line. */
  ground: string;
  /** One word beside each plate: what that end is to the other. */
  words: { at: Plate | undefined; text: string; seenFrom: string }[];
}

export function drawLine({ relation, start, end, path }: Line, { classes, ground, words }: LineOptions): string {
  const { ending, dashes } = strokes[relation.as];
  const both = relationKinds[relation.as].label === relationKinds[relation.as].inverse;
  return element('g', { class: `line ${classes}` }, element('path', { d: path })
    + (ending === undefined ? '' : [end, ...(both ? [start] : [])].map((point) => drawEnding(ending, point, facing(point, start, end, path), dashes !== undefined, ground)).join(''))
    + words.map((word) => (word.at === undefined ? '' : drawWord(word.at, word.text, word.seenFrom))).join(''));
}

/** What all lines of a kind share. */
export function lineColour(kind: RelationKind): Attributes {
  const { width, dashes } = strokes[kind];
  return {
    stroke: kind === 'complements' ? 'color-mix(in srgb, var(--ink) 52%, var(--surface))' : 'var(--ink)',
    'stroke-width': width, 'stroke-dasharray': dashes, 'stroke-linecap': dashes === undefined ? undefined : 'round',
  };
}

/** Kinds that occur, the quietest and most frequent first, so that the others lie above it. */
export function kindsIn(lines: readonly Line[]): RelationKind[] {
  const quietFirst: RelationKind[] = ['complements', ...(Object.keys(strokes) as RelationKind[]).filter((kind) => kind !== 'complements')];
  return quietFirst.filter((kind) => lines.some(({ relation }) => relation.as === kind));
}

export function drawEnding(ending: Ending, { x, y }: Point, pointing: 'left' | 'right', dashed: boolean, ground: string): string {
  const { path, filled } = endings[ending];
  const place = pointing === 'right' ? `translate(${x - 12} ${y - 6})` : `translate(${x + 12} ${y - 6})scale(-1 1)`;
  return element('path', {
    d: path, transform: place, 'stroke-width': 1.4, 'stroke-linejoin': 'round', 'stroke-dasharray': dashed ? 'none' : undefined,
    fill: filled === 'line' ? 'var(--ink)' : filled === 'ground' ? ground : undefined,
  });
}

/** A line leaves and arrives level; the first handle of its curve says to which side. */
function facing(point: Point, start: Point, end: Point, path: string): 'left' | 'right' {
  const [, handles = ''] = path.split('C');
  const [firstX = 0, , lastX = 0] = handles.split(' ').map(Number);
  const handle = point === start ? firstX : lastX;
  return handle > (point === end ? end : start).x ? 'left' : 'right';
}

function drawWord({ side, x, y, width, height }: Plate, words: string, seenFrom: string): string {
  const left = side === 'left';
  return text(words.toLowerCase(), { class: `word ${seenFrom}`, x: left ? x + width + 24 : x - 24, y: Math.round((y + height / 2 + 4) * 10) / 10, 'text-anchor': left ? undefined : 'end' });
}
