/** From the text of an example to its scenario and its stage, as code that runs. */
import * as simulator from '../simulator/index.ts';
import type { Staged } from '../simulator/scenario.ts';
import { compileModule } from './example-compiler.ts';
import type { CompiledModule } from './example-compiler.ts';
import { link } from './module-linker.ts';

/** Text by path, for example `src/examples/clock.ts`. */
export type Files = Readonly<Record<string, string>>;

/** @throws CompileError */
export function compileFiles(files: Files): CompiledModule[] {
  return Object.entries(files).map(([path, source]) => compileModule(path, source));
}

/** @throws ParseError, LinkError, or whatever the code throws while it loads */
export function linkScenario(modules: readonly CompiledModule[], slug: string, caught?: (error: unknown) => void): Staged {
  const path = `src/examples/${slug}/scenario.ts`;
  const { scenario, stage } = link(modules, { 'src/simulator/index.ts': simulator }, path, caught);
  return { scenario, stage } as Staged;
}
