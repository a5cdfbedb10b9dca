/** A program that says honestly that it is not written, and a test that waits for it. */
import type { Request } from './request-shape.ts';
import type { PlannedFile } from './write-files.ts';

/** Name of the region that the page shows. */
export const stubRegion = 'run';

export function exampleFiles({ slug, title }: Pick<Request, 'slug' | 'title'>): PlannedFile[] {
  const name = `run${slug.split('-').map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('')}`;
  return [
    { file: `src/examples/${slug}/${slug}.ts`, text: `/** ${title} as a program: time comes in by \`Clock\` of ../clock.ts, chance as a function, the network as functions. */

// #region ${stubRegion}
/** @throws Error as long as it is not written */
export function ${name}(): string {
  throw new Error(${literal(`${title}: the program is still to be written`)});
}
// #endregion ${stubRegion}
` },
    { file: `src/examples/${slug}/${slug}.test.ts`, text: `import { expect, test } from 'vitest';
import { ${name} } from './${slug}.ts';

// Expected to fail as long as the program is not written. Once it is, vitest reports this test: make it a plain test(…) then.
test.fails('does what the page says', () => {
  expect(${name}()).toBe('what the page says');
});
` },
  ];
}

export const questionsStub = `# How people put the problem that this pattern answers, who do not know its name: some forty, one a line, each a list entry.
# Only the finder reads them.
`;

function literal(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
