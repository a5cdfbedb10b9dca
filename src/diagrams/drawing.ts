import type { StyleRule } from './style-rules.ts';

/** A diagram, ready for the page. */
export interface Drawing {
  readonly svg: string;
  /** Prefix of every id in `svg`. */
  readonly id: string;
  readonly type: string;
  readonly title: string;
  readonly description: string;
  /** Natural size in px, at 14 px text. */
  readonly width: number;
  readonly height: number;
  readonly links: string[];
  readonly warnings: string[];
}

/** What the drawing room knows in addition while it makes the shared sheet. */
export interface RuledDrawing extends Drawing {
  readonly rules: StyleRule[];
}
