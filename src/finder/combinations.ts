/** Patterns that a reader will want together. */
import type { Answer } from './pages.ts';

export interface Combination { first: string; second: string; as: 'requires' | 'complements'; why: string }

/** Pairs among the patterns shown that require or complement each other, in the order in which they are shown. */
export function combinationsOf(shown: readonly string[], answers: ReadonlyMap<string, Answer>): Combination[] {
  const pairs = new Map<string, Combination>();
  for (const slug of shown) {
    for (const { slug: other, as, why } of answers.get(slug)?.companions ?? []) {
      if (!shown.includes(other)) continue;
      const [first, second] = as === 'required-by' ? [other, slug] : [slug, other];
      const key = [slug, other].sort().join(' ');
      if (!pairs.has(key) || as !== 'complements') pairs.set(key, { first, second, as: as === 'complements' ? as : 'requires', why });
    }
  }
  return [...pairs.values()];
}
