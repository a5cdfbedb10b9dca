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

/** Number of tests in the folder of an example; tests there are plain `test(` calls, which a test holds. */
export function testCount(slug: string): number {
  return exampleFiles
    .filter((file) => file.startsWith(`${slug}/`) && file.endsWith('.test.ts'))
    .reduce((count, file) => count + [...exampleText(file).matchAll(/^\s*test\(/gm)].length, 0);
}
