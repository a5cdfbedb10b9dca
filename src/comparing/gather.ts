/** The catalogue as comparisons read it, made while the site is built. Structural, so that both doors of the catalogue fit. */
import { pageWords } from '../citing/page-words.ts';
import { alternativesOf } from '../citing/pairs.ts';
import type { PatternFacts, ProblemFacts } from '../citing/pattern-facts.ts';
import { shortName } from '../citing/source-name.ts';
import { isPublished } from '../catalogue/vocabulary.ts';
import type { Category } from '../catalogue/vocabulary.ts';
import type { Compared, Other } from './compared.ts';
import { pageParts } from './page-parts.ts';

export interface ComparedSource { slug: string; data: PatternFacts['data'] & { category: Category; alsoKnownAs: readonly string[]; sources: readonly string[] }; body: string }
export interface CitedSource { title: string; authors: readonly string[]; publisher: string; year?: number | undefined; url: string }

const mostNear = 6;

export function gather(patterns: readonly ComparedSource[], problems: readonly ProblemFacts[], bibliography: ReadonlyMap<string, CitedSource>): Compared[] {
  return patterns.map(({ slug, data, body }) => {
    const { title, description, category, status, useWhen, notWhen, forces, relations, tradeOffs, changes } = data;
    return {
      slug,
      // What people say of it tells nothing apart; a version is pinned by the latest alone.
      data: { title, description, category, status, symptoms: [], useWhen, notWhen, forces, relations, tradeOffs, changes: changes.slice(0, 1).map(({ version }) => ({ version })) },
      words: pageWords(body),
      ...pageParts(body, patterns.filter((other) => other.slug !== slug)),
      sources: data.sources.flatMap((key) => {
        const source = bibliography.get(key);
        return source === undefined ? [] : [{ title: source.title, name: shortName(source), url: source.url }];
      }),
      problems: problems.flatMap((problem) => {
        const candidates = problem.data.candidates.flatMap(({ pattern, when, because }, at) => (pattern === slug ? [{ at, when, because }] : []));
        return candidates.length === 0 ? [] : [{ slug: problem.slug, title: problem.data.title, version: problem.data.changes[0]?.version ?? '', candidates }];
      }),
      others: othersOf(slug, data, patterns),
      near: nearTo(slug, patterns, problems),
    };
  });
}

function othersOf(slug: string, { relations, notWhen }: ComparedSource['data'], patterns: readonly ComparedSource[]): Other[] {
  const named = new Set([...relations.map(({ to }) => to), ...notWhen.flatMap(({ see }) => see ?? [])]);
  return patterns.flatMap((other) => {
    const conflicts = other.data.relations.filter(({ to, as }) => to === slug && as === 'conflicts-with').map(({ to, why }) => ({ to, why }));
    return other.slug !== slug && (named.has(other.slug) || conflicts.length > 0) ? [{ slug: other.slug, title: other.data.title, hasPage: isPublished(other.data), conflicts }] : [];
  });
}

/** Alternatives first, then what stands beside it on pages of problems, the most frequent first. */
function nearTo(slug: string, patterns: readonly ComparedSource[], problems: readonly ProblemFacts[]): string[] {
  const beside = new Map<string, number>();
  for (const { data: { candidates } } of problems) {
    if (!candidates.some(({ pattern }) => pattern === slug)) continue;
    for (const { pattern } of candidates) if (pattern !== undefined && pattern !== slug) beside.set(pattern, (beside.get(pattern) ?? 0) + 1);
  }
  const mates = [...beside].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([mate]) => mate);
  return [...new Set([...alternativesOf(slug, patterns), ...mates])].slice(0, mostNear);
}
