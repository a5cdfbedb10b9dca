/** Two alternatives on a page of their own. */
import { pairPath, pairsOf } from '../citing/pairs.ts';
import type { Pair } from '../citing/pairs.ts';
import type { Compared } from '../comparing/compared.ts';
import { comparedPatterns } from './facts.ts';

export interface ComparedPair {
  /** Below the site. */
  path: string;
  /** The last part of its address. */
  name: string;
  slugs: Pair;
  patterns: Compared[];
  /** As people ask. */
  title: string;
  description: string;
}

/** By address. */
export async function comparedPairs(): Promise<ComparedPair[]> {
  const all = await comparedPatterns();
  return pairsOf(all).map((slugs) => {
    const patterns = slugs.flatMap((slug) => all.filter((each) => each.slug === slug));
    const [first = '', second = ''] = patterns.map(({ data }) => data.title);
    const path = pairPath(slugs);
    return {
      path, slugs, patterns,
      name: path.split('/').at(-2) ?? '',
      title: `${first} or ${second}: which one?`,
      description: `${first} and ${second} side by side: what decides, the forces, when not to use each, and what it costs.`,
    };
  });
}
