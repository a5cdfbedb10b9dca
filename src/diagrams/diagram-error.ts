import type { SourcePlace } from './locate.ts';

/** A diagram that could not be drawn; `place` counts lines within the diagram's own text. */
export class DiagramError extends Error {
  override readonly name = 'DiagramError';
  readonly place: SourcePlace | undefined;

  constructor(message: string, place?: SourcePlace, options?: ErrorOptions) {
    super(readable(message), options);
    this.place = place;
  }
}

/** Mermaid's parsers draw an arrow of dashes and list every token they know; neither helps an author. */
function readable(message: string): string {
  return message
    // Of a diagram whose type it does not know Mermaid repeats the whole text: its first line says enough.
    .replace(/( for text: \s*.*)[^]*/, '$1')
    .split('\n')
    .filter((line) => !/^\s*-*\^\s*$/.test(line))
    .map((line) => line.replace(/^Expecting .*, got '?([^']+)'?$/, '(found $1)'))
    .join(' ')
    .replace(/^(?:Parse|Lexical|Lexer) error on line \d+[.:]?\s*/, 'syntax error near ')
    .replace(/\s+/g, ' ')
    .trim();
}
