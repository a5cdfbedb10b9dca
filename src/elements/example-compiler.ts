/** TypeScript of an example to CommonJS, line for line: types are taken out, nothing else is rewritten. */
import { transform } from 'sucrase';

/** A place in the code as its author sees it; lines and columns begin with 1. */
export interface Place { file: string; line: number; column: number }

export interface CompiledModule {
  path: string;
  source: string;
  /** Body of a CommonJS module; each line holds what the same line of the source holds. */
  code: string;
}

/** Called by every `catch` of a module with what it caught; see `watched`. */
export const watcher = '$caught';

/** The code is no TypeScript. */
export class CompileError extends Error {
  override readonly name = 'SyntaxError';
  readonly place: Place;

  constructor(message: string, place: Place) {
    super(message);
    this.place = place;
  }
}

/** @throws CompileError */
export function compileModule(path: string, source: string): CompiledModule {
  try {
    return { path, source, code: transform(source, { transforms: ['typescript', 'imports'], disableESTransforms: true, filePath: path }).code };
  } catch (error) {
    const { message = '', loc } = error as { message?: string; loc?: { line: number; column: number } };
    // "Error transforming <path>: Unexpected token (3:7)": the place is told apart from the words.
    const words = message.replace(`Error transforming ${path}: `, '').replace(/ \(\d+:\d+\)$/, '');
    throw new CompileError(words, { file: path, line: loc?.line ?? 1, column: loc?.column ?? 1 });
  }
}

/**
 * The code with a call at the head of every catch block. A scenario counts what an example throws as a failed request, and a
 * slip of the pen would pass as one; so what is caught is looked at.
 */
export function watched(code: string): string {
  return code.replaceAll(catchHead, (head, name: string | undefined) => (name === undefined ? `catch ($error) {${call('$error')}` : `${head}${call(name)}`));
}

/** On one line, so that lines stay what they are. */
const catchHead = /\bcatch[ \t]*(?:\([ \t]*(\w+)[ \t]*\))?[ \t]*\{/g;
const call = (name: string): string => ` ${watcher}(${name});`;
