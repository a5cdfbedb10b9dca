import { sourceColumn } from './column.ts';
import { watched } from './example-compiler.ts';
import type { CompiledModule, Place } from './example-compiler.ts';
import { moduleHead } from './module-linker.ts';

/** Where in the reader's code an error came from: the innermost call that stands in one of the modules. */
export function placeOf(error: unknown, modules: readonly CompiledModule[]): Place | undefined {
  if (!(error instanceof Error) || typeof error.stack !== 'string') return undefined;
  // Chromium writes the message before the calls, and the message may name a file.
  const calls = error.stack.slice(Math.max(0, error.stack.indexOf(error.message)) + error.message.length);
  for (const [, file, line, column] of calls.matchAll(/([\w./-]+\.ts):(\d+):(\d+)/g)) {
    const module = modules.find(({ path }) => path === file);
    if (module !== undefined) return compiledPlace(module, Number(line), Number(column));
  }
  return undefined;
}

/** A place that an engine names, in the coordinates of the source: the line is the same, the column as near as the line tells. */
export function compiledPlace({ path, source, code }: CompiledModule, line: number, column: number): Place {
  const [compiled = '', original = ''] = [watched(code), source].map((text) => text.split('\n')[line - 1] ?? '');
  const shift = line === 1 ? moduleHead.length : 0;
  return { file: path, line, column: sourceColumn(compiled, original, Math.max(0, column - 1 - shift)) + 1 };
}

/**
 * Whether an error is a slip of the pen in one of the modules: the engine threw it there. What code throws itself
 * ("throw new RangeError(…)") is part of what it does.
 */
export function isSlip(error: unknown, modules: readonly CompiledModule[]): boolean {
  if (!(error instanceof TypeError || error instanceof ReferenceError || error instanceof RangeError)) return false;
  const place = placeOf(error, modules);
  const line = modules.find(({ path }) => path === place?.file)?.source.split('\n')[(place?.line ?? 0) - 1];
  return line !== undefined && !/Error\(/.test(line);
}
