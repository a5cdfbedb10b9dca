/** What is set side by side on a page of its own: two alternatives, or a larger set that readers weigh as a whole. */
import { readComparisons } from '../catalogue/comparisons.ts';
import { pairPath, pairsOf } from '../citing/pairs.ts';
import type { Compared } from '../comparing/compared.ts';
import { decidingOf } from '../comparing/deciding.ts';
import type { Deciding } from '../comparing/deciding.ts';
import { comparedPatterns } from './facts.ts';

export interface ComparedPair {
  /** Below the site. */
  path: string;
  /** The last part of its address. */
  name: string;
  slugs: readonly string[];
  patterns: Compared[];
  deciding: Deciding;
  /** As people ask. */
  title: string;
  description: string;
}

/** Larger sets first, then pairs by address. */
export async function comparedPairs(): Promise<ComparedPair[]> {
  const all = await comparedPatterns();
  const sets = [...readComparisons().map(({ of, ...written }) => ({ slugs: of, written })), ...pairsOf(all).map((slugs) => ({ slugs, written: undefined }))];
  return sets.map(({ slugs, written }) => {
    const patterns = slugs.flatMap((slug) => all.filter((each) => each.slug === slug));
    const titles = patterns.map(({ data }) => data.title);
    const path = pairPath(slugs);
    return {
      path, slugs, patterns,
      deciding: decidingOf(patterns, written?.deciding),
      name: path.split('/').at(-2) ?? '',
      title: written?.title ?? `${titles.join(' or ')}: which one?`,
      description: `${titles.slice(0, -1).join(', ')} and ${titles.at(-1)} side by side: what decides, the forces, when not to use each, and what it costs.`,
    };
  });
}
