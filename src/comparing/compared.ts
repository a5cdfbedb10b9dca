/** What a comparison reads of a pattern: all that its columns say, so that one small file a pattern is enough, wherever it is drawn. */
import type { PageWords } from '../citing/page-words.ts';
import type { Facts, PatternFacts, ProblemFacts } from '../citing/pattern-facts.ts';
import { isPublished } from '../catalogue/vocabulary.ts';
import type { Category } from '../catalogue/vocabulary.ts';

export interface Compared {
  slug: string;
  data: PatternFacts['data'] & { category: Category };
  words: PageWords;
  /** Paragraphs of "What it costs", in plain words. */
  costs: readonly string[];
  /** What its page says under "Compared with …" of another pattern. */
  says: readonly Said[];
  sources: readonly { title: string; name: string; url: string }[];
  problems: readonly ComparedProblem[];
  /** Titles of the patterns that it names, and what those say that conflict with it. */
  others: readonly Other[];
  /** Slugs of what it is compared with most likely, the likeliest first. */
  near: readonly string[];
}

export interface Said { about: string; heading: string; id: string; text: string }

/** A problem of which the pattern is a candidate, with what the page says of it in that place. */
export interface ComparedProblem {
  slug: string;
  title: string;
  version: string;
  candidates: readonly { at: number; when: string; because: string }[];
}

export interface Other { slug: string; title: string; hasPage: boolean; conflicts: readonly { to: string; why: string }[] }

export function hasPage({ data }: Compared): boolean {
  return isPublished(data) && data.changes.length > 0;
}

/** The catalogue as far as these patterns know it: enough for what src/citing says of a comparison. */
export function factsOf(compared: readonly Compared[], home: string): Facts {
  const chosen = new Set(compared.map(({ slug }) => slug));
  const others = new Map<string, Other>();
  for (const other of compared.flatMap((each) => each.others)) {
    // Each knows only the conflicts with itself.
    others.set(other.slug, { ...other, conflicts: [...others.get(other.slug)?.conflicts ?? [], ...other.conflicts] });
  }
  const problems = new Map<string, ProblemFacts>();
  for (const { slug: pattern, problems: own } of compared) {
    for (const { slug, title, version, candidates } of own) {
      const before = problems.get(slug)?.data.candidates ?? [];
      const added = candidates.map(({ when, because }) => ({ pattern, when, because }));
      problems.set(slug, { slug, data: { title, description: '', symptoms: [], questions: [], candidates: [...before, ...added], changes: [{ version }] } });
    }
  }
  return {
    patterns: [...compared, ...[...others.values()].filter(({ slug }) => !chosen.has(slug)).map(stub)].sort(byTitle),
    problems: [...problems.values()].sort(byTitle),
    home,
  };
}

function stub({ slug, title, conflicts }: Other): PatternFacts {
  const relations = conflicts.map(({ to, why }) => ({ to, as: 'conflicts-with' as const, why }));
  return { slug, data: { title, description: '', status: 'outline', symptoms: [], useWhen: [], notWhen: [], forces: {}, relations, tradeOffs: {}, changes: [] }, words: { watch: [] } };
}

/** As the catalogue is sorted. */
function byTitle(a: { data: { title: string } }, b: { data: { title: string } }): number {
  return a.data.title.localeCompare(b.data.title, 'en');
}
