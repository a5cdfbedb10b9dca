/** The TypeScript compiler, which reads code of a page as if it stood in an example. */
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

/** Null where it compiles; lines and columns of the code, from 1. */
export type Compiled = { line: number; column: number; message: string } | null;

const root = fileURLToPath(new URL('../../../', import.meta.url)).replaceAll('\\', '/');
const shown = `${root}src/examples/shown/shown.ts`;
const { options } = ts.parseJsonConfigFileContent(ts.readConfigFile(`${root}src/examples/tsconfig.json`, ts.sys.readFile).config, ts.sys, `${root}src/examples`);
// What a page shows need not use all that it names.
const compilerOptions: ts.CompilerOptions = { ...options, noUnusedLocals: false, noUnusedParameters: false };
const host = ts.createCompilerHost(compilerOptions);
const libraries = new Map<string, ts.SourceFile | undefined>();

export function judging(text: string): Compiled {
  // "…" is what somebody left out: of such code only the syntax can be read, which needs no libraries.
  const isExcerpt = text.includes('…');
  const { diagnostics, source } = isExcerpt ? parsed(text.replaceAll('…', ' ')) : compiled(text);
  const [first] = diagnostics;
  if (first === undefined) return null;
  const { line, character } = ts.getLineAndCharacterOfPosition(source, first.start ?? 0);
  return { line: line + 1, column: character + 1, message: ts.flattenDiagnosticMessageText(first.messageText, ' ') };
}

interface Result { source: ts.SourceFile; diagnostics: readonly ts.Diagnostic[] }

function parsed(code: string): Result {
  const { diagnostics = [] } = ts.transpileModule(code, { compilerOptions: options, reportDiagnostics: true });
  return { source: ts.createSourceFile(shown, code, ts.ScriptTarget.Latest), diagnostics: diagnostics.filter(({ start }) => start !== undefined) };
}

function compiled(code: string): Result {
  const program = ts.createProgram([shown], compilerOptions, {
    ...host,
    fileExists: (file) => file === shown || host.fileExists(file),
    readFile: (file) => (file === shown ? code : host.readFile(file)),
    getSourceFile: (file, target) => {
      if (file === shown) return ts.createSourceFile(file, code, target);
      if (!libraries.has(file)) libraries.set(file, host.getSourceFile(file, target));
      return libraries.get(file);
    },
  });
  const source = program.getSourceFile(shown) ?? ts.createSourceFile(shown, code, ts.ScriptTarget.Latest);
  return { source, diagnostics: [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)] };
}
