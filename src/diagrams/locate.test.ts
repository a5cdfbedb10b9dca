// @vitest-environment node
import { describe, expect, test } from 'vitest';
import { locateError } from './locate.ts';

const jison = (line: number, column: number): Error =>
  Object.assign(new Error('Parse error'), { hash: { line, loc: { last_line: line + 1, last_column: column } } });

describe('locateError', () => {
  test('counts lines from 1 and points behind the last right token', () => {
    expect(locateError(jison(1, 7), 'flowchart TD\n  A --> [oops')).toEqual({ line: 2, column: 8 });
  });

  test('adds the front matter and comments that Mermaid strips first', () => {
    const source = '---\ntitle: x\n---\n%% comment\nflowchart LR\n  A --> B\n  B --> [oops';
    expect(locateError(jison(2, 7), source)?.line).toBe(7);
  });

  test('reads the place out of the sentence of a lexical error', () => {
    expect(locateError(new Error('Lexical error on line 2. Unrecognized text.'), 'a\nb')).toEqual({ line: 2 });
  });

  test('never points beyond the diagram', () => {
    expect(locateError(jison(40, 0), 'a\nb')?.line).toBe(2);
  });

  test('knows nothing of an error without a place', () => {
    expect(locateError(new Error('no'), 'a')).toBeUndefined();
    expect(locateError(undefined, 'a')).toBeUndefined();
  });
});
