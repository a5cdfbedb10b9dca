import { accessibleText } from './accessible-text.ts';
import { DiagramError } from './diagram-error.ts';
import type { Drawing } from './drawing.ts';
import type { Fence } from './fences.ts';
import type { DiagramRenderer } from './renderer.ts';

/** Something to mend in a page; line and column are those of the file. */
export interface Problem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
  readonly severity: 'error' | 'warning';
}

export interface Examination {
  /** Absent when there is an error among the problems. */
  readonly drawing?: Drawing;
  readonly problems: Problem[];
}

/** Draws a fence and judges it by the rules that hold for every diagram of the site. */
export async function examineFence(file: string, fence: Fence, renderer: DiagramRenderer): Promise<Examination> {
  const problem = (severity: Problem['severity'], message: string, line = 0, column = 0): Problem => ({
    file,
    line: fence.line + line,
    column: fence.indent + Math.max(1, column),
    message,
    severity,
  });
  let drawing: Drawing;
  try {
    drawing = await renderer.render(fence.source);
  } catch (error) {
    if (!(error instanceof DiagramError)) throw error;
    return { problems: [problem('error', error.message, error.place?.line, error.place?.column)] };
  }
  const errors = [...missingText(fence.source), ...unstyledType(drawing)].map((message) => problem('error', message));
  if (errors.length > 0) return { problems: errors };
  return { drawing, problems: warnings(drawing).map((message) => problem('warning', message)) };
}

/** Types whose style is part of the site. */
export const TYPES = ['flowchart', 'sequence', 'state', 'class', 'er'];

/** Text may shrink to 80 %, so a drawing of this width still fits the 700 px that a wide screen gives a figure. */
const WIDEST = 875;

function missingText(source: string): string[] {
  const { title, description } = accessibleText(source);
  const missing = [title === '' && '"accTitle: …"', description === '' && '"accDescr: …"'].filter((key) => key !== false);
  if (missing.length === 0) return [];
  return [`found no ${missing.join(' and no ')}; add below the first line of the diagram: screen readers need a name and a description`];
}

function unstyledType(drawing: Drawing): string[] {
  if (TYPES.includes(drawing.type)) return [];
  return [`found a diagram of type "${drawing.type}"; use one of flowchart, sequenceDiagram, stateDiagram-v2, classDiagram, erDiagram`];
}

function warnings(drawing: Drawing): string[] {
  if (drawing.width <= WIDEST) return drawing.warnings;
  const wide = `the drawing is ${drawing.width} px wide and scrolls even on a wide screen; use TD, shorten labels or split it (at most ${WIDEST} px)`;
  return [...drawing.warnings, wide];
}
