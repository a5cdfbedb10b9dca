/** How a line says what it means: by its pattern and its end. Colour says nothing here. */
import type { RelationKind } from '../catalogue/vocabulary.ts';

export type Ending = 'arrow' | 'triangle' | 'chevron' | 'cross';

export interface Stroke {
  width: number;
  /** Lengths of dashes and gaps; nothing for an unbroken line. */
  dashes?: string;
  /** At what is required, refined, led to; lines without one say the same from both ends. */
  ending?: Ending;
}

export const strokes: Record<RelationKind, Stroke> = {
  requires: { width: 2.2, ending: 'arrow' },
  complements: { width: 1 },
  'alternative-to': { width: 2.2, dashes: '0.1 5' },
  refines: { width: 1.4, ending: 'triangle' },
  'leads-to': { width: 1.6, dashes: '8 5', ending: 'chevron' },
  'conflicts-with': { width: 1.6, dashes: '9 4 1.5 4', ending: 'cross' },
};

/** In a box of twelve, the line coming from the left and ending in the middle of the right side. */
export const endings: Record<Ending, { path: string; filled: 'line' | 'ground' | 'none' }> = {
  arrow: { path: 'M1 1.5 11.5 6 1 10.5Z', filled: 'line' },
  triangle: { path: 'M1 1 11 6 1 11Z', filled: 'ground' },
  chevron: { path: 'M4 1.5 11 6 4 10.5', filled: 'none' },
  cross: { path: 'M3 2 11 10M11 2 3 10', filled: 'none' },
};
