/** Three or four patterns that are weighed as a whole, from `content/data/comparisons.yaml`: for the build, the terminal and tests alike. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseList } from './list-file.ts';
import { comparisonSchema } from './schema.ts';
import type { Weighed } from './schema.ts';
import { CatalogueError } from './violations.ts';
import type { Violation } from './violations.ts';

export const comparisonsFile = 'content/data/comparisons.yaml';

/** In the order of the file. @throws CatalogueError with all violations at once */
export function readComparisons(root = process.cwd()): Weighed[] {
  const { comparisons, violations } = parseComparisons(readFileSync(join(root, comparisonsFile), 'utf8'));
  if (violations.length > 0) throw new CatalogueError(violations);
  return comparisons;
}

/** What can be read, and what is wrong. */
export function parseComparisons(text: string): { comparisons: Weighed[]; violations: Violation[] } {
  const { items, violations } = parseList(comparisonsFile, 'comparisons', text, comparisonSchema, Object.keys(comparisonSchema.shape));
  return { comparisons: items, violations: [...violations, ...repeated(items)] };
}

/** The address is made of the names, whatever their order. */
function repeated(comparisons: readonly Weighed[]): Violation[] {
  const setOf = (of: readonly string[]): string => [...of].sort().join(', ');
  const sets = comparisons.map(({ of }) => setOf(of));
  return comparisons.flatMap(({ of }, index): Violation[] => {
    const violation = (found: string, expected: string): Violation => ({ rule: 'comparisons-file', file: comparisonsFile, key: `${index}.of`, found, expected });
    return [
      ...(new Set(of).size === of.length ? [] : [violation(of.join(', '), 'three or four different patterns')]),
      ...(sets.indexOf(sets[index] ?? '') === index ? [] : [violation(`${of.join(', ')}, which are compared above`, 'each set of patterns once')]),
    ];
  });
}
