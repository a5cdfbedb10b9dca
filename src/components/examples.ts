/** The files of src/examples as text, read once at build. */
import { nearestWord } from '../catalogue/violations.ts';

const texts: Record<string, string> = import.meta.glob('/src/examples/**/*.ts', { query: '?raw', import: 'default', eager: true });

/** Paths below src/examples, for example `circuit-breaker/circuit-breaker.ts`. */
export const exampleFiles: string[] = Object.keys(texts).map((path) => path.replace('/src/examples/', '')).sort();

/** @throws when the file does not exist, with the nearest name */
export function exampleText(file: string): string {
  const text = texts[`/src/examples/${file}`];
  if (text === undefined) {
    const near = nearestWord(file, exampleFiles);
    throw new Error(`src/examples/${file} does not exist.${near === undefined ? '' : ` Did you mean "${near}"?`}`);
  }
  return text;
}

/** Slugs of the examples that have a scenario. */
export const simulatedExamples: string[] = exampleFiles.filter((file) => file.endsWith('/scenario.ts')).map((file) => file.replace('/scenario.ts', ''));

/** What the scenario of an example is made of: each file that it reaches below src/examples, as text by its path in the repository. */
export function scenarioTexts(slug: string): Record<string, string> {
  const reached = [`${slug}/scenario.ts`];
  for (const file of reached) {
    const imported = [...exampleText(file).matchAll(/^(?:import|export)\b[^;]*?\bfrom '(\.[^']+)';/gm)].map(([, name = '']) => new URL(name, `file:///src/examples/${file}`).pathname);
    for (const path of imported) {
      const below = path.replace('/src/examples/', '');
      if (path.startsWith('/src/examples/') && !reached.includes(below)) reached.push(below);
    }
  }
  return Object.fromEntries(reached.map((file) => [`src/examples/${file}`, exampleText(file)]));
}

/** Number of tests in the folder of an example; tests there are plain `test(` calls, which a test holds. */
export function testCount(slug: string): number {
  return exampleFiles
    .filter((file) => file.startsWith(`${slug}/`) && file.endsWith('.test.ts'))
    .reduce((count, file) => count + [...exampleText(file).matchAll(/^\s*test\(/gm)].length, 0);
}
