export interface SourcePlace {
  /** Counted from 1, in the author's text of the diagram. */
  readonly line: number;
  readonly column?: number;
}

/** Where in the author's text an error of Mermaid lies; `undefined` when it does not say. */
export function locateError(error: unknown, source: string): SourcePlace | undefined {
  const place = placeOf(error);
  if (!place) return undefined;
  const lineCount = source.split('\n').length;
  const line = keptLines(source)[place.line - 1] ?? Math.min(place.line, lineCount);
  return place.column === undefined ? { line } : { line, column: place.column };
}

/** Jison parsers attach `hash` with a line counted from 0; Langium parsers only write a sentence. */
function placeOf(error: unknown): SourcePlace | undefined {
  const { hash, message = '' } = (error ?? {}) as { hash?: JisonHash; message?: string };
  const sentence = /(Parse|Lexer|Lexical|Parsing) error on line:? (\d+)(?:, column:? (\d+))?/i.exec(message);
  if (sentence && (!hash || /^lex/i.test(sentence[1] ?? ''))) return withColumn(Number(sentence[2]), Number(sentence[3]));
  if (typeof hash?.line !== 'number') return undefined;
  // It is where the token ends that was not expected, and some tokens take line breaks along.
  const line = hash.line + 1 - (hash.text?.split('\n').length ?? 1) + 1;
  // The recorded place is that of the last token that was still right.
  return withColumn(line, hash.loc?.last_line === line ? hash.loc.last_column + 1 : Number.NaN);
}

interface JisonHash {
  readonly text?: string;
  readonly line?: number;
  readonly loc?: { readonly last_line: number; readonly last_column: number };
}

function withColumn(line: number, column: number): SourcePlace {
  return Number.isNaN(column) ? { line } : { line, column };
}

/** Line numbers of the lines that reach the parser: Mermaid first strips front matter, comments and leading blank lines. */
function keptLines(source: string): number[] {
  const lines = source.split('\n');
  const kept: number[] = [];
  let index = 0;
  if (/^\s*---\s*$/.test(lines[0] ?? '')) {
    index = lines.findIndex((line, at) => at > 0 && /^\s*---\s*$/.test(line)) + 1;
  }
  for (; index < lines.length; index++) {
    const line = lines[index] ?? '';
    const isLeadingBlank = kept.length === 0 && line.trim() === '';
    if (!isLeadingBlank && !/^\s*%%(?!\{)/.test(line)) kept.push(index + 1);
  }
  return kept;
}
