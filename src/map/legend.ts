/** What each kind of line means, below the map and in its files. */
import { relationKinds } from '../catalogue/vocabulary.ts';
import type { RelationKind } from '../catalogue/vocabulary.ts';
import { drawEnding, lineColour } from './draw-line.ts';
import { measures } from './layout.ts';
import type { Shape } from './placed.ts';
import { strokes } from './strokes.ts';
import { element, text } from './svg.ts';
import { textWidth } from './text-width.ts';

const rowHeight = 26;
const above = 18;
const sample = 46;

export function legendHeight(kinds: readonly RelationKind[], shape: Shape): number {
  return kinds.length === 0 ? 0 : above + rowHeight * Math.ceil(kinds.length / perRow(shape));
}

export function legend(kinds: readonly RelationKind[], shape: Shape, top: number, width: number): string {
  const { letters } = measures[shape];
  const cells = kinds.map((kind) => sample + 10 + textWidth(relationKinds[kind].label, letters));
  const gap = shape === 'wide' ? 40 : 0;
  // In one row around the middle, or two beside each other.
  const whole = cells.reduce((sum, cell) => sum + cell, 0) + gap * (cells.length - 1);
  return kinds.map((kind, at) => {
    const x = shape === 'wide' ? Math.round((width - whole) / 2 + cells.slice(0, at).reduce((sum, cell) => sum + cell + gap, 0)) : (at % 2) * (width / 2);
    const y = top + above + rowHeight * (Math.floor(at / perRow(shape)) + 0.5);
    const { ending, dashes } = strokes[kind];
    return element('g', { fill: 'none', ...lineColour(kind) }, element('path', { d: `M${x} ${y}H${x + sample}` })
      + (ending === undefined ? '' : drawEnding(ending, { x: x + sample, y }, 'right', dashes !== undefined, 'var(--surface)')))
      + text(relationKinds[kind].label, { x: x + sample + 10, y: y + letters * 0.35, 'font-size': letters, fill: 'var(--ink)' });
  }).join('');
}

function perRow(shape: Shape): number {
  return shape === 'wide' ? 6 : 2;
}
