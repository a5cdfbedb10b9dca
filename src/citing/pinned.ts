/** Permanent links: the page as it was when the decision was drawn from it. */
import { pinnedPathOf, underBase } from './addresses.ts';
import type { CitedKind } from './addresses.ts';
import type { ProblemFacts } from './pattern-facts.ts';

/** @param home absolute address of the home page, base path included */
export function pinned(home: string, kind: CitedKind, slug: string, version: string): string {
  return underBase(home, pinnedPathOf(kind, slug, version));
}

export function pinnedProblem(home: string, { slug, data: { title, changes: [current] } }: ProblemFacts): { title: string; address: string } {
  if (current === undefined) throw new TypeError(`the problem "${slug}" has no version yet: give it an entry in \`changes\``);
  return { title, address: pinned(home, 'problem', slug, current.version) };
}
