import type { ChartedPattern, ChartedRelation } from './charted.ts';

/**
 * The patterns of each column from top to bottom, so that lines are short: from the order of the alphabet, two of one category
 * change places as long as that shortens the lines between them and all others.
 * @param columns patterns of one category stand together
 */
export function shortestLines(columns: readonly (readonly ChartedPattern[])[], relations: readonly ChartedRelation[]): ChartedPattern[][] {
  const order = columns.map((column) => column.map((pattern) => pattern));
  const height = new Map<string, number>();
  // Both columns are as tall as each other, whatever stands in them.
  const put = (column: ChartedPattern[], at: number, pattern: ChartedPattern): void => {
    column[at] = pattern;
    height.set(pattern.slug, (at + 0.5) / column.length);
  };
  for (const column of order) column.forEach((pattern, at) => put(column, at, pattern));
  const lines = new Map<string, string[]>();
  for (const { from, to } of relations) for (const [end, other] of [[from, to], [to, from]] as const) lines.set(end, [...lines.get(end) ?? [], other]);
  const pull = (slug: string): number => (lines.get(slug) ?? []).reduce((sum, other) => sum + Math.abs((height.get(slug) ?? 0) - (height.get(other) ?? 0)), 0);

  for (let round = 0, changed = true; changed && round < mostRounds; round++) {
    changed = false;
    for (const column of order) {
      for (let a = 0; a < column.length; a++) {
        for (let b = a + 1; b < column.length && column[b]?.category === column[a]?.category; b++) {
          const [one, other] = [column[a], column[b]];
          if (one === undefined || other === undefined) continue;
          const before = pull(one.slug) + pull(other.slug);
          put(column, a, other);
          put(column, b, one);
          // A hair less is the noise of adding up.
          if (pull(one.slug) + pull(other.slug) < before - 1e-9) changed = true;
          else {
            put(column, a, one);
            put(column, b, other);
          }
        }
      }
    }
  }
  return order;
}

/** Each change shortens the lines, so it ends by itself; the bound says so to readers. */
const mostRounds = 100;
